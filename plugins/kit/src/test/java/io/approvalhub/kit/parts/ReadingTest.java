package io.approvalhub.kit.parts;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.parts.Headline.Kind;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Part.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReadingTest {

  @Test
  void aCommandComesBeforeItsFolderAndItsTimeLimit() {
    var reading = read("bash", "{'timeout': 30, 'cwd': '/srv', 'command': 'make\\nmake install'}");
    assertThat(reading.headline()).isEqualTo(headline(Kind.COMMAND_IN, "bash", "/srv"));
    assertThat(reading.parts())
        .containsExactly(
            new Part.Code("command", "bash", "command.sh", "make\nmake install"),
            table("cwd", "/srv", "timeout", "30"));
  }

  @Test
  void aCommandInWordsIsWrittenAsOneTypesIt() {
    var words = "{\"command\": [\"bash\", \"-lc\", \"echo 'a b' > x\"]}";
    var reading = Reading.of("shell", words, Presentation.NONE);
    assertThat(reading.headline()).isEqualTo(headline(Kind.COMMAND, "shell"));
    assertThat(reading.parts())
        .containsExactly(
            new Part.Code("command[]", "bash", "command.sh", "bash -lc 'echo '\\''a b'\\'' > x'"));
  }

  @Test
  void aToolThatRunsNothingRunsNoCommand() {
    assertThat(read("editor", "{'command': 'view'}").headline().kind()).isEqualTo(Kind.CALL);
  }

  @Test
  void aProgramIsShownInItsLanguage() {
    var program = "def fib(n):\\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\\n";
    var reading = read("execute", "{'language': 'Python3', 'code': '" + program + "'}");
    assertThat(reading.headline()).isEqualTo(headline(Kind.CODE_IN, "execute", "Python"));
    assertThat(reading.parts().getFirst())
        .isEqualTo(new Part.Code("code", "python", "code.py", program.replace("\\n", "\n")));
  }

  @Test
  void aFileThatIsWrittenIsShownInTheLanguageOfItsName() {
    var reading = read("write_file", "{'content': 'a: 1', 'path': 'deploy/prod.yaml'}");
    assertThat(reading.headline())
        .isEqualTo(headline(Kind.WRITE, "write_file", "deploy/prod.yaml"));
    assertThat(reading.parts())
        .containsExactly(
            table("path", "deploy/prod.yaml"),
            new Part.Code("content", "yaml", "prod.yaml", "a: 1"));
  }

  @Test
  void aFileThatIsEditedIsShownAsWhatChanges() {
    var reading =
        read("edit", "{'file_path': 'a.py', 'old_string': 'a\\nb\\nc', 'new_string': 'a\\nB\\nc'}");
    assertThat(reading.headline()).isEqualTo(headline(Kind.EDIT, "edit", "a.py"));
    assertThat(reading.parts())
        .containsExactly(
            table("file_path", "a.py"),
            new Part.Diff("old_string → new_string", "change.diff", " a\n-b\n+B\n c"));
  }

  @Test
  void severalEditsAreSeveralChanges() {
    var edits = "[{'old_string': 'a', 'new_string': 'b'}, {'old_string': 'c', 'new_string': 'd'}]";
    assertThat(read("multi_edit", "{'path': 'x', 'edits': " + edits + "}").parts())
        .containsExactly(
            table("path", "x"),
            new Part.Diff("edits[0].old_string → new_string", "change.diff", "-a\n+b"),
            new Part.Diff("edits[1].old_string → new_string", "change.diff", "-c\n+d"));
  }

  @Test
  void twoDatesAreNoEdit() {
    var reading = read("search_mail", "{'after': '2026-01-01', 'before': '2026-02-01'}");
    assertThat(reading.parts())
        .containsExactly(table("after", "2026-01-01", "before", "2026-02-01"));
  }

  @Test
  void aPatchIsADifference() {
    var patch = "--- a/x\\n+++ b/x\\n@@ -1 +1 @@\\n-a\\n+b\\n";
    var reading = read("apply_patch", "{'input': '" + patch + "'}");
    assertThat(reading.headline()).isEqualTo(headline(Kind.PATCH, "apply_patch"));
    assertThat(reading.parts())
        .containsExactly(new Part.Code("input", "diff", "patch.diff", patch.replace("\\n", "\n")));
  }

  @Test
  void aFileThatIsDeletedIsNamed() {
    assertThat(read("delete_file", "{'path': '/etc/passwd'}").headline())
        .isEqualTo(headline(Kind.DELETE, "delete_file", "/etc/passwd"));
  }

  @Test
  void aRequestBeginsWithMethodAndAddress() {
    var reading =
        read(
            "http_request",
            "{'headers': {'Authorization': 'Bearer abcdefgh12345678'}, 'url':"
                + " 'https://x.example/y', 'method': 'POST', 'body': '{\\\"a\\\":{\\\"b\\\":1}}'}");
    assertThat(reading.headline())
        .isEqualTo(headline(Kind.REQUEST, "http_request", "POST", "x.example"));
    assertThat(reading.parts().getFirst())
        .isInstanceOfSatisfying(
            Part.Table.class,
            table -> assertThat(table.rows()).extracting(Row::name).startsWith("method", "url"));
    assertThat(reading.parts().toString()).doesNotContain("abcdefgh12345678");
  }

  @Test
  void aStatementIsSql() {
    var reading = read("query", "{'database': 'shop', 'sql': 'DROP TABLE orders'}");
    assertThat(reading.headline().kind()).isEqualTo(Kind.QUERY);
    assertThat(reading.parts().getFirst())
        .isEqualTo(new Part.Code("sql", "sql", "sql.sql", "DROP TABLE orders"));
  }

  @Test
  void aMailBeginsWithWhoGetsIt() {
    var reading =
        read("send_email", "{'body': 'Hi,\\nbye', 'subject': 'Offer', 'to': 'a@b.example'}");
    assertThat(reading.headline()).isEqualTo(headline(Kind.MAIL, "send_email", "a@b.example"));
    assertThat(reading.parts())
        .containsExactly(
            table("to", "a@b.example", "subject", "Offer"),
            new Part.Text("body", "body.txt", "Hi,\nbye"));
  }

  @Test
  void aPaymentBeginsWithItsAmount() {
    var reading =
        read("transfer", "{'iban': 'DE02', 'memo': 'x', 'currency': 'EUR', 'amount': 1250.00}");
    assertThat(reading.headline())
        .isEqualTo(headline(Kind.PAYMENT_TO, "transfer", "1250.00", "EUR", "DE02"));
    assertThat(reading.parts())
        .containsExactly(
            table("amount", "1250.00", "currency", "EUR", "iban", "DE02", "memo", "x"));
  }

  @Test
  void aToolOfAnMcpServerIsNamedByBoth() {
    assertThat(read("mcp__github__create_issue", "{'title': 'x'}").headline())
        .isEqualTo(new Headline(Kind.MCP, List.of("create_issue", "github")));
  }

  @Test
  void whateverElseIsCalledIsNamedWithItsTarget() {
    assertThat(read("kubectl_apply", "{'cluster': 'prod-eu'}").headline())
        .isEqualTo(headline(Kind.CALL_ON, "kubectl_apply", "prod-eu"));
  }

  @Test
  void aTextThatLooksLikeAnotherValueStandsInQuotationMarks() {
    assertThat(read("x", "{'a': '1', 'b': 1, 'c': '', 'd': ' e', 'f': 'true'}").parts())
        .containsExactly(
            table("a", "\"1\"", "b", "1", "c", "\"\"", "d", "\" e\"", "f", "\"true\""));
  }

  @Test
  void textsOfSeveralLinesStandAloneHoweverDeepTheyAre() {
    var reading = read("write_files", "{'files': [{'path': 'a.py', 'content': 'import os\\nx'}]}");
    assertThat(reading.parts())
        .containsExactly(
            table("files[0].path", "a.py"),
            new Part.Code("files[0].content", "python", "files_0_content.py", "import os\nx"));
  }

  @Test
  void whatIsNestedOtherwiseIsJson() {
    var labels = "{'app': 'shop', 'tier': ['a', 'b', 'c'], 'note': '" + "y".repeat(100) + "'}";
    assertThat(read("label", "{'labels': " + labels + "}").parts())
        .singleElement()
        .isInstanceOfSatisfying(
            Part.Json.class, json -> assertThat(json.text()).contains("\n  \"app\": \"shop\""));
  }

  @Test
  void anOperatorSaysWhatComesFirstAndHowItIsCalled() {
    var presentation =
        new Presentation(
            Optional.of("Deploys {{args.version}} to {{ args.env }}"),
            List.of("version", "script"),
            Map.of("script", "ruby"));
    var arguments = "{'env': 'prod', 'script': 'puts 1\\nputs 2', 'version': '1.2.3'}";
    var reading = Reading.of("deploy", json(arguments), presentation);
    assertThat(reading.headline()).isEqualTo(headline(Kind.OWN, "deploy", "Deploys 1.2.3 to prod"));
    assertThat(reading.parts())
        .containsExactly(
            table("version", "1.2.3", "env", "prod"),
            new Part.Code("script", "ruby", "script.rb", "puts 1\nputs 2"));
  }

  @Test
  void whatIsNoJsonIsAText() {
    assertThat(Reading.of("x", "rm -rf /", Presentation.NONE).parts())
        .containsExactly(new Part.Text("", "arguments.txt", "rm -rf /"));
  }

  @Test
  @Timeout(20)
  void aLongTextTakesNoTimeWhateverItLooksLike() {
    var length = 1 << 16;
    for (var begin :
        List.of("--\\n", "#!/1", "class a", "--- a\\n", "a/", "a", "# ", "from a", "=> ", "{")) {
      var text = begin.repeat(length / begin.length());
      var sql = "', 'sql': '" + text + "'}";
      assertThat(
              read("write", "{'path': '" + text + "', 'content': '" + text + "\\nb" + sql).parts())
          .isNotEmpty();
      assertThat(read("edit", "{'old_string': '" + text + "', 'new_string': 'x" + sql).parts())
          .isNotEmpty();
    }
  }

  @Test
  void aThousandTextsAreOnePart() {
    var files = "{'content': 'a\\nb'},".repeat(1_000);
    assertThat(read("x", "{'files': [" + files.substring(0, files.length() - 1) + "]}").parts())
        .singleElement()
        .isInstanceOf(Part.Json.class);
  }

  private static Reading read(String tool, String arguments) {
    return Reading.of(tool, json(arguments), Presentation.NONE);
  }

  /// With quotation marks that need no escape here.
  private static String json(String text) {
    var json = new StringBuilder();
    var isEscaped = false;
    for (var unit : text.toCharArray()) {
      json.append(unit == '\'' && !isEscaped ? '"' : unit);
      isEscaped = unit == '\\';
    }
    return json.toString();
  }

  private static Headline headline(Kind kind, String... values) {
    return new Headline(kind, List.of(values));
  }

  private static Part.Table table(String... cells) {
    var rows = new ArrayList<Row>();
    for (var at = 0; at < cells.length; at += 2) {
      rows.add(new Row(cells[at], cells[at + 1]));
    }
    return new Part.Table(rows);
  }
}
