package io.approvalhub.channel;

import java.net.URL;
import java.net.URLClassLoader;

/// Shows a dropped-in plugin the JDK, the plugin API and its own jars, and nothing of the hub.
final class PluginClassLoader extends URLClassLoader {

  private static final String API = "io.approvalhub.plugin.";

  private final ClassLoader hub;

  PluginClassLoader(URL[] jars, ClassLoader hub) {
    super(jars, ClassLoader.getPlatformClassLoader());
    this.hub = hub;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return isApi(name) ? hub.loadClass(name) : super.loadClass(name, resolve);
  }

  private static boolean isApi(String name) {
    return name.startsWith(API) && name.indexOf('.', API.length()) < 0;
  }
}
