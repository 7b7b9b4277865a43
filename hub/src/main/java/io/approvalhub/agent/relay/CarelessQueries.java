package io.approvalhub.agent.relay;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.regex.Pattern;

/// Lets clients of relayed agents write a query as carelessly as without the relay: what the server
/// would not read, such as `|` and `{`, is encoded before it does.
@Singleton
final class CarelessQueries implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

  private static final String OURS = "/agents/";
  private static final Pattern CARELESS =
      Pattern.compile("[{}|\\\\^`<>\"\\[\\] ]|%(?![0-9A-Fa-f]{2})");

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Listener());
    return event.getBean();
  }

  static String mended(String target) {
    var mark = target.indexOf('?');
    if (mark < 0 || !target.contains(OURS)) {
      return target;
    }
    var query = CARELESS.matcher(target.substring(mark));
    return target.substring(0, mark)
        + query.replaceAll(
            found -> String.format(Locale.ROOT, "%%%02X", (int) found.group().charAt(0)));
  }

  /// Waits for connections.
  private static final class Listener implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return switch (role) {
        case CONNECTION, REQUEST_STREAM -> new Connection(channel);
        case LISTENER, PUSH_PROMISE_STREAM -> this;
      };
    }
  }

  private record Connection(Channel channel) implements NettyServerCustomizer {

    @Override
    public void onStreamPipelineBuilt() {
      var inbound = ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND;
      if (channel.pipeline().get(inbound) != null) {
        channel.pipeline().addBefore(inbound, "careless-queries", Handler.ONE);
      }
    }
  }

  @Sharable
  private static final class Handler extends ChannelInboundHandlerAdapter {

    private static final Handler ONE = new Handler();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        request.setUri(mended(request.uri()));
      }
      context.fireChannelRead(message);
    }
  }
}
