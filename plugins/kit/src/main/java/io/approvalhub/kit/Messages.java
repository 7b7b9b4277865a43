package io.approvalhub.kit;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Every word that people see, in one language: those of `messages.properties`.
public final class Messages {

  /// The languages in which all of it is said.
  public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN);

  /// A language of nobody, in which every text stands between `⟦` and `⟧`: whatever does not was
  /// said without this bundle. For tests.
  public static final Locale PSEUDO = Locale.forLanguageTag("qps");

  private static final String BUNDLE = Messages.class.getPackageName() + ".messages";
  private static final ConcurrentHashMap<Locale, Messages> ALL = new ConcurrentHashMap<>();

  private final Locale language;
  private final ResourceBundle bundle;
  private final ConcurrentHashMap<String, MessageFormat> forms = new ConcurrentHashMap<>();

  private Messages(Locale language) {
    this.language = language;
    // The machine's own language is nobody's here.
    var control = Control.getNoFallbackControl(Control.FORMAT_DEFAULT);
    bundle = ResourceBundle.getBundle(BUNDLE, language, Messages.class.getClassLoader(), control);
  }

  /// The words in a language; English ones where it is not known.
  public static Messages in(Locale language) {
    return ALL.computeIfAbsent(language, Messages::new);
  }

  /// The words of a key, with values in the places that they have for them.
  ///
  /// @throws MissingResourceException when there are none
  public String text(String key, Object... values) {
    var form =
        forms.computeIfAbsent(key, name -> new MessageFormat(bundle.getString(name), language));
    // a form is not safe for several threads
    var text = ((MessageFormat) form.clone()).format(values);
    return language.equals(PSEUDO) ? "⟦" + text + "⟧" : text;
  }

  /// Whether there are words for a key.
  public boolean has(String key) {
    return bundle.containsKey(key);
  }

  /// What the hub says of itself in English, in this language; any other text is left as it is.
  public String translated(String english) {
    return English.KEYS.containsKey(english) ? text(English.KEYS.get(english)) : english;
  }

  Locale language() {
    return language;
  }

  /// The keys of what is said in English without any value in it.
  private static final class English {

    static final Map<String, String> KEYS =
        in(Locale.ENGLISH).bundle.keySet().stream()
            .filter(key -> key.startsWith("hub."))
            .collect(Collectors.toUnmodifiableMap(key -> in(Locale.ENGLISH).text(key), key -> key));
  }
}
