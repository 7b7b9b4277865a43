/// What every platform would otherwise write again: JSON over HTTP, HMAC, text fitting and
/// escaping, the words of an outcome. Functions, no base class.
@NullMarked
package io.approvalhub.kit;

import org.jspecify.annotations.NullMarked;
