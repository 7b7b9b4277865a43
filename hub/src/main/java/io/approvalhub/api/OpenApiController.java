package io.approvalhub.api;

import io.approvalhub.http.Everyone;
import io.approvalhub.http.ProblemException;
import io.micronaut.core.io.ResourceResolver;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.server.types.files.StreamedFile;

/// Serves the description of the API.
@Everyone
@Controller("/openapi")
final class OpenApiController {

  private static final String FILE = "classpath:openapi.yml";

  private final ResourceResolver resources;

  OpenApiController(ResourceResolver resources) {
    this.resources = resources;
  }

  @Get
  StreamedFile get() {
    return resources
        .getResourceAsStream(FILE)
        .map(stream -> new StreamedFile(stream, MediaType.of("application/yaml")))
        .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "There is no description"));
  }
}
