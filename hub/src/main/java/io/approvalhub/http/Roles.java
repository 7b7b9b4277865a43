package io.approvalhub.http;

import io.approvalhub.access.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says whose keys open a route, or all routes of a controller. One that has neither this nor
/// [Everyone] is open to nobody.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Roles {
  Role[] value();
}
