package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTest {

  private static final String FAMILY = "👨‍👩‍👧‍👦";

  @Test
  void whatFitsIsLeftAlone() {
    assertThat(Text.fit("abc", 3)).isEqualTo("abc");
    assertThat(Text.utf8Fit("ä€", 5)).isEqualTo("ä€");
  }

  @Test
  void whatIsCutIsSaid() {
    assertThat(Text.fit("x".repeat(1334), 140))
        .hasSize(140)
        .isEqualTo("x".repeat(131) + "… [+1203]");
  }

  @Test
  void noCharacterIsCutInTwo() {
    for (var most = 30; most < 120; most++) {
      var fitted = Text.fit(FAMILY.repeat(20), most);
      assertThat(fitted.length()).isLessThanOrEqualTo(most);
      assertThat(fitted.replace(FAMILY, "")).startsWith("… [+");
    }
  }

  @Test
  void bytesAreCountedWhereBytesCount() {
    for (var most = 34; most < 120; most++) {
      var fitted = Text.utf8Fit("é👍🏽".repeat(50), most);
      assertThat(fitted.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
      assertThat(fitted.replace("é", "").replace("👍🏽", "")).startsWith("… [+");
    }
  }

  @Test
  void aTinyPlaceIsNotOverrun() {
    assertThat(Text.fit("abcdef", 3)).isEqualTo("…");
    assertThat(Text.fit("abcdef", 0)).isEmpty();
    assertThat(Text.utf8Fit("abcdef", 2)).isEmpty();
  }

  @Test
  void markupOfHtmlAndSlackIsEscaped() {
    assertThat(Text.html("<a href=\"x\">&'")).isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    assertThat(Text.mrkdwn("<!channel> & <@U1>")).isEqualTo("&lt;!channel&gt; &amp; &lt;@U1&gt;");
  }

  @Test
  void markupOfDiscordIsEscaped() {
    assertThat(Text.discord("**b** `c` <#1> https://x [a](b)"))
        .isEqualTo("\\*\\*b\\*\\* \\`c\\` \\<\\#1\\> https\\://x \\[a\\]\\(b\\)");
    assertThat(Text.discord("- a\n1. b\n  + c")).isEqualTo("\\- a\n1\\. b\n  \\+ c");
    assertThat(Text.discord("@everyone <@123>")).isEqualTo("@\u200beveryone \\<\\@123\\>");
  }

  @Test
  void nothingEndsAFence() {
    var fenced = Text.codeFence("a ``` b `");
    assertThat(fenced).startsWith("```\n").endsWith("\n```");
    assertThat(fenced.substring(4, fenced.length() - 4)).doesNotContain("``");
  }
}
