# frozen_string_literal: true

# Breaks texts: bytes, lines, values and whole pieces of others, with the words that YAML and kubeconfigs have a meaning for.
class Mutator
  WORDS = [
    "!!float x", "!!int 0x", "!binary |\n  /w==\n", "!!binary \"/w==\"", "!ruby/object:Object {}", "!ruby/sym a", "!!set {a, b}", "!!omap [a: 1]",
    "!<tag:yaml.org,2002:null> a", "!str a", "! a", "&a", "*a", "<<: {a: 1}", "<<: [1, {}]", "? [a]", "? {a: b}\n: c", "---\n", "...\n",
    "%YAML 1.1\n", "%TAG ! a\n", "| \n", ">-\n", "\"\\x00\"", "\"\\uD800\"", "'", "\"", "\t", "\r", "\0", "\u{feff}", "\u2028", "\xff", "[", "]", "{", "}",
    "~", "null", "true", "yes", ":a", ":", "-", "- ", "#", "0", "-1", "1e999", ".inf", ".nan", "0x7f", "0o7", "1_0", "1,0", "190:20:30", "9" * 40,
    "2001-01-01", "2001-99-99", "2001-01-01 99:99:99 +99:99", "2001-01-01T00:00:00Z", "[]", "{}", "[[]]", "[{}]", "[~]", "\"\"", "v1", "v2",
    "server: ", "token: ", "tokenFile: /etc/passwd", "client-certificate: /etc/passwd", "client-key-data: AAAA", "certificate-authority-data: LS0t",
    "certificate-authority: /etc/passwd", "insecure-skip-tls-verify: true", "proxy-url: http://169.254.169.254", "tls-server-name: a", "as: ",
    "as-groups: ", "as-user-extra: ", "as-uid: ", "namespace: ", "current-context: ", "username: ", "password: ",
    "exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [/tmp/x]}", "auth-provider: {name: gcp}", "extensions: ",
    "https://kubernetes.example.com", "http://127.0.0.1", "http://[::1]", "unix:///a", "http://a b", "https://u:p@a.io"
  ].map { |word| word.dup.force_encoding(Encoding::BINARY).freeze }.freeze
  BYTES = 4096

  def initialize(random)
    @random = random
  end

  # @param texts [Array<String>]
  # @return [String] bytes
  def mutate(texts)
    text = pick(texts).dup.force_encoding(Encoding::BINARY)
    (1 + @random.rand(4)).times { text = once(text, texts) }
    text[0, longest]
  end

  private

  def once(text, texts)
    case @random.rand(8)
    when 0 then put(text, @random.bytes(1 + @random.rand(2)), 1)
    when 1 then put(text, pick(WORDS), 0)
    when 2, 3 then valued(text)
    when 4 then lines(text)
    when 5 then put(text, piece(pick(texts)), @random.rand(50))
    when 6 then put(text, "", 1 + @random.rand(40))
    else repeated(text)
    end
  end

  def put(text, bytes, instead_of)
    at = @random.rand(text.bytesize + 1)
    text[0, at] + bytes.b + (text[(at + instead_of)..] || "")
  end

  # Another value for a key, or another key.
  def valued(text)
    places = text.enum_for(:scan, /: *([^\n,}\]]*)/n).map { Regexp.last_match.offset(1) }
    from, to = pick(places)
    from ? text[0, from] + pick(WORDS) + text[to..] : text
  end

  def lines(text)
    lines = text.lines
    return text if lines.empty?

    line = lines.delete_at(@random.rand(lines.size))
    @random.rand(3).times { lines.insert(@random.rand(lines.size + 1), (" " * @random.rand(5)) + line) }
    lines.join
  end

  # Long or deep, as a text that is to cost much would be.
  def repeated(text)
    put(text, (@random.rand(2).zero? ? pick(WORDS) : piece(text)) * (2**@random.rand(12)), 0)
  end

  def piece(text)
    text.b[@random.rand(text.bytesize + 1), @random.rand(200)] || ""
  end

  # Mostly short, for many tries; sometimes as long as it can be.
  def longest
    @random.rand(100).zero? ? 1 << 20 : BYTES
  end

  def pick(list)
    list[@random.rand(list.size)] unless list.empty?
  end
end
