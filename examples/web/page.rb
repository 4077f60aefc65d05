# frozen_string_literal: true

# The page: the cached pods, how old they are and what went wrong. Everything from the cluster is text, whatever it says.
require "cgi"
require "digest"

# A Rack application. It never calls the cluster.
class Page
  STYLE = "body{font:1rem sans-serif;margin:2rem}td,th{padding:.2rem 1rem;text-align:left}p{color:#555}"
  # Nothing may be loaded or run but this one style: markup that slipped through would still be dead.
  POLICY = "default-src 'none'; style-src 'sha256-#{Digest::SHA256.base64digest(STYLE)}'; base-uri 'none'; form-action 'none'; " \
           "frame-ancestors 'none'".freeze
  HEADERS = { "content-type" => "text/html; charset=utf-8", "content-security-policy" => POLICY, "x-content-type-options" => "nosniff",
              "cache-control" => "no-store", "refresh" => "2" }.freeze

  def call(env)
    namespace = env["PATH_INFO"].delete_prefix("/")
    return [404, { "content-type" => "text/plain" }, ["no such namespace\n"]] unless namespace.match?(/\A[a-z0-9-]{0,63}\z/)

    [200, HEADERS.dup, [html(ClusterPods.new(namespace.empty? ? "all" : namespace))]]
  end

  private

  def html(pods)
    content = pods.with_reactive_cache { |rows| table(rows) } || "<p>Looking.</p>"
    <<~HTML
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pods</title><style>#{STYLE}</style></head>
      <body><h1>Pods</h1>#{state(pods)}#{content}</body></html>
    HTML
  end

  def state(pods)
    age = pods.reactive_cache_age
    failure = pods.reactive_cache_error
    words = []
    words << "As of #{age.round} s ago." if age
    words << "The last look failed: #{failure.code}." if failure
    "<p>#{text(words.join(' '))}</p>"
  end

  def table(rows)
    cells = rows.map { |row| "<tr>#{row.map { |value| "<td>#{text(value)}</td>" }.join}</tr>" }
    "<table><tr><th>Namespace</th><th>Name</th><th>Phase</th></tr>#{cells.join}</table>"
  end

  def text(value)
    CGI.escapeHTML(value.to_s)
  end
end
