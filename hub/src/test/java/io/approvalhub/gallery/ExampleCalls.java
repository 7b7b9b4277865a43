package io.approvalhub.gallery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Hint;
import io.approvalhub.testkit.FakeHub;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Calls as agents make them.
final class ExampleCalls {

  private static final String FIBONACCI =
      """
      import matplotlib.pyplot as plt

      def fibonacci(count):
          numbers = [0, 1]
          while len(numbers) < count:
              numbers.append(numbers[-1] + numbers[-2])
          return numbers

      numbers = fibonacci(20)
      print(numbers)
      plt.plot(numbers, marker="o")
      plt.title("The first 20 Fibonacci numbers")
      plt.savefig("fibonacci.png")
      """;

  private static final String MIGRATION =
      """
      BEGIN;
      ALTER TABLE orders ADD COLUMN cancelled_at timestamptz;
      UPDATE orders SET cancelled_at = updated_at WHERE status = 'cancelled';
      DELETE FROM orders WHERE created_at < now() - interval '7 years';
      CREATE INDEX CONCURRENTLY orders_by_customer ON orders (customer_id, created_at);
      COMMIT;
      """;

  private static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: checkout
        namespace: shop
      spec:
        replicas: 6
        template:
          spec:
            containers:
              - name: checkout
                image: registry.example.com/shop/checkout:2.14.0
                env:
                  - name: DATABASE_PASSWORD
                    valueFrom: {secretKeyRef: {name: checkout-db, key: password}}
                resources: {limits: {cpu: "2", memory: 1Gi}}
      """;

  private static final String LETTER =
      """
      Dear customer,

      on Saturday we move our databases to new hardware. Between 06:00 and 08:00 UTC you can read
      everything as usual, but changes are not saved.

      Best regards
      The team
      """;

  private final List<ExampleCall> calls = new ArrayList<>();

  private ExampleCalls() {
    codeAndCommands();
    files();
    outside();
    hostile();
  }

  static List<ExampleCall> all() {
    return List.copyOf(new ExampleCalls().calls);
  }

  private void codeAndCommands() {
    add("The seeds' Fibonacci program", "code_interpreter", "medium", "Plot what was asked for")
        .put("code", FIBONACCI);
    add("A pipe into a shell", "bash", "critical", "Install the tool that the build needs")
        .put("command", "curl -fsSL https://get.example.com/install.sh | sh -s -- --yes")
        .put("cwd", "/home/ci/build")
        .put("timeout", 120);
    add("A deletion", "run_shell", "high", "The disk is full")
        .put("command", "find /var/backups -name '*.tar.gz' -mtime +30 -print -delete");
    add("A secret in a command", "bash", "high", "Upload the release")
        .put(
            "command",
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY aws s3 sync dist/"
                + " s3://releases/ --delete && curl -H 'Authorization: Bearer"
                + " sk-proj-abcdefgh12345678' https://api.example.com/v1/releases");
    add("A migration", "execute_sql", "critical", "Customers ask to cancel orders")
        .put("database", "orders-production")
        .put("sql", MIGRATION);
  }

  private void files() {
    add("A new file", "write_file", "low", "The page needs a robots file")
        .put("path", "/srv/www/robots.txt")
        .put("content", "User-agent: *\nDisallow: /admin/\nSitemap: https://example.com/map.xml\n");
    add("A changed line", "str_replace_based_edit_tool", "medium", "The limit is too low")
        .put("path", "src/main/resources/application.yml")
        .put("old_str", "server:\n  port: 8080\n  max-connections: 100\n  timeout: 30s\n")
        .put("new_str", "server:\n  port: 8080\n  max-connections: 10000\n  timeout: 30s\n");
    add("A patch of 300 lines", "apply_patch", "high", "Rename the module as discussed")
        .put("patch", patch());
    add("A deleted folder", "delete_file", "high", "Nobody uses it")
        .put("path", "/srv/app/legacy")
        .put("recursive", true);
    add("A manifest", "kubectl_apply", "high", "Black Friday")
        .put("cluster", "prod-eu")
        .put("manifest", MANIFEST);
  }

  private void outside() {
    var request = add("A request", "http_request", "medium", "Refund as the customer asked");
    request.put("method", "POST").put("url", "https://api.payments.example/v1/refunds");
    request.putObject("headers").put("Authorization", "Bearer 4f9c2a71e8d05b36a1b2c3d4");
    request.putObject("body").put("charge", "ch_7731").put("amount", 18450).put("currency", "eur");
    add("A payment", "create_payment", "high", "Invoice 2026-1187 is due")
        .put("iban", "DE89370400440532013000")
        .put("amount", "12450.00")
        .put("currency", "EUR")
        .put("recipient", "Example Hardware GmbH")
        .put("reference", "2026-1187");
    add("An e-mail", "send_email", "medium", "Every customer has to know")
        .put("to", "customers@example.com")
        .put("subject", "Maintenance on Saturday, 06:00 to 08:00 UTC")
        .put("body", LETTER);
    var open =
        FakeHub.Options.PLAIN
            .risk("low")
            .reason("Found a leak")
            .title("Open an issue")
            .hints(Hint.OPEN_WORLD);
    var issue = add("A tool of an MCP server", "mcp__github__create_issue", open);
    issue.put("owner", "example").put("repo", "checkout").put("title", "Connections leak");
    issue.put("body", "Steps:\n1. open the page\n2. reload it ten times\n3. see `netstat`\n");
    issue.putArray("labels").add("bug").add("p2");
    var search = add("Nothing but a name", "list_databases", "", "");
    search.removeAll();
  }

  private void hostile() {
    var deep = add("Deep JSON", "configure", "medium", "As in the ticket").putObject("settings");
    for (var level = 0; level < 12; level++) {
      deep.put("enabled", level % 2 == 0).putArray("hosts").add("a" + level).add("b" + level);
      deep = deep.putObject("nested");
    }
    deep.put("end", "here");
    add("Emoji and right to left", "send_message", "low", "Say thank you 🙏🏽")
        .put("channel", "الفريق")
        .put("text", "תודה רבה! 👩🏽‍🚀🇩🇪\nشكرا جزيلا\nsafe\u202etxt.exe");
    add("Markup and mentions", "post", "medium", "@everyone *please* <b>approve</b> `now`")
        .put("text", "@everyone <!channel> **bold** [x](https://evil.example) </pre><script>")
        .put("url", "https://evil.example/?q=<@U0123>");
    add("A command behind a secret's name", "bash", "medium", "Rotate the token")
        .put("command", "deploy --token \"$(rm -rf /srv/data)\" --password hunter2hunter2");
    var many = add("Many arguments", "create_campaign", "medium", "Spring sale");
    for (var field = 1; field <= 45; field++) {
      many.put("field_" + field, "value " + field);
    }
  }

  private ObjectNode add(String title, String tool, String risk, String reason) {
    return add(title, tool, FakeHub.Options.PLAIN.risk(risk).reason(reason));
  }

  private ObjectNode add(String title, String tool, FakeHub.Options options) {
    var arguments = Json.object();
    calls.add(new ExampleCall(title, tool, arguments, options));
    return arguments;
  }

  private static String patch() {
    return IntStream.range(0, 30)
        .mapToObj(
            file ->
                """
                --- a/src/module%1$d.py
                +++ b/src/module%1$d.py
                @@ -1,5 +1,6 @@
                 import os
                -from shop import cart_%1$d
                +from checkout import cart_%1$d
                +from checkout import log

                 def total():
                """
                    .formatted(file))
        .collect(Collectors.joining());
  }
}
