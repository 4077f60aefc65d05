# frozen_string_literal: true

require "base64"
require "fileutils"
require "io/nonblock"
require "io/wait"
require "json"
require "tmpdir"

# A real Chromium without a window, told what to do over a pipe: https://chromedevtools.github.io/devtools-protocol/
# Messages are JSON that ends with a zero byte; Chromium reads them from its descriptor 3 and writes to its descriptor 4.
class Browser
  PATIENCE = 60 # seconds for one answer
  # No sandbox: it cannot be had by root. The only pages it opens are ours, on loopback.
  COMMAND = %w[chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions
               --disable-background-networking --disable-component-update --proxy-server=direct:// --remote-debugging-pipe
               --window-size=1100,900 --force-color-profile=srgb about:blank].freeze

  def initialize
    @dir = Dir.mktmpdir("browser")
    commands, @commands = IO.pipe
    @answers, answers = IO.pipe
    [commands, answers].each { |pipe| pipe.nonblock = false } # Ruby's pipes do not block, and Chromium takes that for their end
    @pid = spawn({ "HOME" => @dir }, *COMMAND, "--user-data-dir=#{@dir}", 3 => commands, 4 => answers, out: File::NULL,
                                                                          err: "#{@dir}/log", pgroup: true)
    [commands, answers].each(&:close)
    @last = 0
    @session = open_page
  end

  # Opens the address and waits until its document is there.
  def visit(url)
    ask("Page.navigate", url: url)
    sleep 0.02 until evaluate("location.href") == url && evaluate("document.readyState") == "complete"
  end

  # @return what the JavaScript expression is worth in the page; a promise is waited for
  def evaluate(expression)
    answer = ask("Runtime.evaluate", expression: expression, returnByValue: true, awaitPromise: true)
    raise answer.dig("exceptionDetails", "exception", "description").to_s if answer["exceptionDetails"]

    answer.dig("result", "value")
  end

  # What a reader sees.
  def text
    evaluate("document.body.innerText")
  end

  # @param scheme [String] "light" or "dark"
  def screenshot(file, scheme: "light")
    ask("Emulation.setEmulatedMedia", features: [{ name: "prefers-color-scheme", value: scheme }])
    File.binwrite(file, Base64.decode64(ask("Page.captureScreenshot", format: "png").fetch("data")))
  end

  def close
    Process.kill("KILL", -@pid)
    Process.wait(@pid)
    [@commands, @answers].each(&:close)
    FileUtils.rm_rf(@dir)
  end

  private

  def open_page
    target = ask("Target.createTarget", url: "about:blank").fetch("targetId")
    ask("Target.attachToTarget", targetId: target, flatten: true).fetch("sessionId")
  end

  # Events that come in between are for others.
  def ask(method, **params)
    message = { id: @last += 1, method: method, params: params }
    message[:sessionId] = @session if @session
    @commands.write(JSON.generate(message), "\0")
    answer = answers.find { |one| one["id"] == @last }
    answer["result"] or raise "#{method}: #{answer['error']}"
  end

  def answers
    Enumerator.produce do
      @answers.wait_readable(PATIENCE) or raise "Chromium does not answer:\n#{File.read("#{@dir}/log")}"
      JSON.parse(@answers.gets("\0")&.chomp("\0") || raise("Chromium has ended:\n#{File.read("#{@dir}/log")}"))
    end
  end
end
