# frozen_string_literal: true

# The page: what the cache holds, how old it is and what went wrong. It never calls the cluster.
require "digest"
require_relative "tables"

# A Rack application: `/` shows every namespace, `/NAMESPACE` one of them.
class Page
  STYLE = File.read("#{__dir__}/page.css")
  SCRIPT = File.read("#{__dir__}/page.js")
  # Nothing may be loaded or run but this one style and this one script, which may ask this server, and cannot make markup of text
  # (https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/): markup that slipped through would still be dead.
  POLICY = "default-src 'none'; style-src 'sha256-#{Digest::SHA256.base64digest(STYLE)}'; " \
           "script-src 'sha256-#{Digest::SHA256.base64digest(SCRIPT)}'; connect-src 'self'; base-uri 'none'; form-action 'none'; " \
           "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'".freeze
  HEADERS = { "content-type" => "text/html; charset=utf-8", "content-security-policy" => POLICY, "x-content-type-options" => "nosniff",
              "cache-control" => "no-store", "referrer-policy" => "no-referrer" }.freeze

  # @yieldreturn [#with_reactive_cache, #reactive_cache_age, #reactive_cache_error] what is shown
  def initialize(&state)
    @state = state
  end

  def call(env)
    namespace = env["PATH_INFO"].delete_prefix("/")
    return [404, { "content-type" => "text/plain" }, ["no such page\n"]] unless namespace.match?(/\A[a-z0-9-]{0,63}\z/)

    [200, HEADERS.dup, [html(@state.call, Tables.new(namespace.empty? ? nil : namespace))]]
  end

  private

  def html(state, tables)
    content = state.with_reactive_cache { |data| tables.html(data) }
    <<~HTML
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pods and deployments</title>
      <style>#{STYLE}</style><noscript><meta http-equiv="refresh" content="2"></noscript></head>
      <body>
      <header><h1>#{tables.title}</h1>#{age(state.reactive_cache_age)}</header>
      #{notice(state.reactive_cache_error)}
      <main id="tables">#{content || '<p class="empty">Looking at the cluster …</p>'}</main>
      <footer>From the cache: no request for this page waits for a cluster.</footer>
      <script>#{SCRIPT}</script>
      </body></html>
    HTML
  end

  def age(seconds)
    words = seconds ? "as of #{seconds.round} s ago" : "nothing yet"
    %(<p id="age" class="#{seconds ? 'live' : 'waiting'}">#{words}</p>)
  end

  # The code is an HTTP code or the name of one of our classes: nothing the server wrote.
  def notice(failure)
    return '<p id="notice" hidden></p>' unless failure

    seconds = (failure.retry_at - Time.now.to_f).ceil
    again = seconds.positive? ? "in #{seconds}&nbsp;s" : "under way"
    times = failure.times == 1 ? "" : ", #{failure.times} times in a row"
    %(<p id="notice" role="status"><b>The last look failed: <code>#{failure.code}</code>#{times}.</b> This is what was seen before it. ) +
      %(The next look is #{again}.</p>)
  end
end
