# frozen_string_literal: true

# Logs of pods.
module Parity
  log = "/api/v1/namespaces/place/pods/web/log"
  core = { "GET #{log}" => "one\ntwo\nthree" }

  scenario "reads a log", core do |world|
    text = world.client.get_pod_log("web", "place")
    [text, text.body, text.is_a?(String)]
  end
  scenario("asks nothing before a log", core) { |world| world.client.get_pod_log("web", "place").size }
  scenario "sends every word of a log", core do |world|
    world.client.get_pod_log("web", "place", container: "a", previous: true, timestamps: true, tail_lines: 500, limit_bytes: 9).to_s
  end
  {
    "a String" => "2019-12-13T14:04:22Z", "a Time" => Time.new(2019, 12, 13, 14, 4, 22.5r, "+02:00"),
    "a DateTime" => DateTime.new(2019, 12, 13, 14, 4, 22.25r, "+02:00")
  }.each do |kind, time|
    scenario("takes #{kind} to read a log since", core) { |world| world.client.get_pod_log("web", "place", since_time: time).to_s }
  end
  scenario("takes no number to read a log since", core, raises: "ArgumentError") do |world|
    world.client.get_pod_log("web", "place", since_time: 5)
  end
  scenario("a log that is not there", {}, raises: "Kubeclient::ResourceNotFoundError") { |world| world.client.get_pod_log("web", "place") }

  scenario "follows a log line by line", core do |world|
    lines = []
    world.client.watch_pod_log("web", "place") { |line| lines << line }
    lines.first(2)
  end
  scenario "follows a log to its last line, which has no line end", core, differs: "torn-log" do |world|
    world.client.watch_pod_log("web", "place").to_enum.to_a
  end
  scenario "follows a log again", core do |world|
    stream = world.client.watch_pod_log("web", "place")
    Array.new(2) { stream.to_enum.first }
  end
  scenario("follows a container", core) { |world| world.client.watch_pod_log("web", "place", container: "a").to_enum.first(1) }
end
