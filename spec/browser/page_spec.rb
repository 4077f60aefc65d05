# frozen_string_literal: true

require_relative "../support/browser"
require_relative "../support/eventually"
require_relative "../support/failing_cluster"
require_relative "../support/puma_server"
require_relative "../support/web_example"

RSpec.describe "examples/web in a browser" do
  include Eventually

  # What a cluster's owner could try: each would set window.taken if it ever became markup.
  hostile = ["<script>window.taken = 1</script>", "<img src=x onerror='window.taken = 2'>", "</td></table><svg onload='window.taken = 3'>"]
  browser = nil

  let!(:cluster) { FailingCluster.new(["web-1"]) }
  let!(:example) { WebExample.new(cluster.kubeconfig, embedded: true) }

  before(:all) { browser = Browser.new }
  after(:all) { browser.close }

  before do
    example.page_with(/web-1/)
    browser.visit(example.uri.to_s)
  end

  after do
    example.close
    cluster.stop
  end

  def shows(browser, words)
    eventually(30) { browser.text.include?(words) }
  end

  it "is a table of pods and one of deployments, with their age" do
    rows = browser.evaluate("Array.from(document.querySelectorAll('tbody tr'), (row) => Array.from(row.cells, (cell) => cell.innerText))")
    expect(rows).to eq([["web", "web", "2 of 3", ""], ["web", "web-1", "Running", "–", "2026-01-02 03:04"]])
    expect(browser.text).to match(/as of \d+ s ago/)
  end

  it "is drawn with its own style, which its policy lets pass" do
    expect(browser.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse")).to eq("collapse")
  end

  it "shows what has changed without being loaded again" do
    browser.evaluate("window.loaded = 'once'")
    cluster.pods = %w[web-1 web-2]
    shows(browser, "web-2")
    cluster.pods = %w[web-2]
    eventually { !browser.text.include?("web-1") }
    expect(browser.evaluate("window.loaded")).to eq("once")
  end

  it "shows names that are markup as text, in the page as it came and in what came later" do
    cluster.pods = ["web-1", *hostile]
    hostile.each { |name| shows(browser, name) }
    browser.visit(example.uri.to_s)
    hostile.each { |name| shows(browser, name) }
    expect(browser.evaluate("[typeof window.taken, document.scripts.length, document.images.length]")).to eq(["undefined", 1, 0])
  end

  it "runs nothing that got into it all the same: its policy forbids it, and would be missed" do
    slipped_through = "<script>window.taken = 4</script><img src=x onerror='window.taken = 5'></main>"
    guarded = true
    puma = PumaServer.new(lambda do |_env|
      page = example.get
      headers = guarded ? page.each_header.to_h.slice("content-type", "content-security-policy") : {}
      [200, headers, [page.body.sub("</main>", slipped_through)]]
    end)
    browser.visit("http://127.0.0.1:#{puma.port}/")
    expect(browser.evaluate("[document.scripts.length, typeof window.taken]")).to eq([2, "undefined"])
    guarded = false
    browser.visit("http://127.0.0.1:#{puma.port}/unguarded")
    expect(browser.evaluate("typeof window.taken")).to eq("number")
  ensure
    puma&.close
  end

  it "cannot make markup of text, even with its own script" do
    expect { browser.evaluate("document.body.innerHTML = '<b>words</b>'") }.to raise_error(/TrustedHTML/)
  end

  it "says that a look has failed, with its code, and goes on showing what was seen" do
    FailingCluster::MODES.slice(:refusing, :broken).each do |mode, code|
      cluster.become(mode)
      shows(browser, "The last look failed: #{code}")
      expect(browser.text).to include("web-1")
    end
    cluster.become(:well)
    eventually { !browser.text.include?("failed") }
  end

  it "says that its own server is gone, and goes on by itself when that is back" do
    port = example.uri.port
    example.close
    eventually { browser.evaluate("document.body.classList.contains('lost')") }
    ENV["PORT"] = port.to_s
    @back = WebExample.new(cluster.kubeconfig, embedded: true)
    eventually { !browser.evaluate("document.body.classList.contains('lost')") }
  ensure
    ENV.delete("PORT")
    @back&.close
  end
end
