package io.approvalhub.webhook;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/// The addresses of a host, if all of them belong to the public internet. A webhook that could
/// reach others would let its receiver's owner aim the hub at the hub's own network.
final class PublicAddresses implements Tunnel.Lookup {

  static final String REFUSAL =
      "leads to a private address; set allow-private: true if that is what you want";

  private static final List<Block> RESERVED_4 =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3")
          .map(Block::of)
          .toList();

  private static final Block GLOBAL_6 = Block.of("2000::/3");

  /// Within the global block, those that lead elsewhere or nowhere: Teredo and its like,
  /// documentation, 6to4.
  private static final List<Block> RESERVED_6 =
      Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20").map(Block::of).toList();

  @Override
  public List<InetAddress> addresses(String host) throws IOException {
    var addresses = lookUp(host);
    for (var address : addresses) {
      if (!isPublic(address)) {
        throw new PrivateAddressException();
      }
    }
    return addresses;
  }

  /// An IPv4 address that is mapped into IPv6 is an [Inet4Address] to the JDK already.
  static boolean isPublic(InetAddress address) {
    return address instanceof Inet4Address
        ? RESERVED_4.stream().noneMatch(block -> block.contains(address))
        : GLOBAL_6.contains(address)
            && RESERVED_6.stream().noneMatch(block -> block.contains(address));
  }

  private static List<InetAddress> lookUp(String host) throws IOException {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException _) {
      throw new IOException("The host of the url is not known: " + host);
    }
  }

  static final class PrivateAddressException extends IOException {

    private static final long serialVersionUID = 1;

    PrivateAddressException() {
      super("url " + REFUSAL);
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Block(byte[] start, int bits) {

    static Block of(String cidr) {
      var parts = cidr.split("/", 2);
      return new Block(InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
    }

    boolean contains(InetAddress address) {
      var bytes = address.getAddress();
      for (var bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> (bit % 8);
        if ((bytes[bit / 8] & mask) != (start[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
