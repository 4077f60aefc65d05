# frozen_string_literal: true

require "json"
require "tmpdir"

# What an API server says it was asked: its audit log, an event for each stage of each request.
class AuditLog
  POLICY = "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Policy\",\"rules\":[{\"level\":\"Metadata\"}]}"

  def initialize
    @dir = Dir.mktmpdir
    File.write("#{@dir}/policy", POLICY)
  end

  # @return [String] flags for kube-apiserver
  def arguments
    "--audit-policy-file=#{@dir}/policy --audit-log-path=#{path}"
  end

  # @return [Array<String>] the namespace of each watch that was begun and has not ended
  def watched
    stages = events.select { |event| event["verb"] == "watch" }.group_by { |event| event["stage"] }
    ended = stages.fetch("ResponseComplete", []).map { |event| event["auditID"] }
    going_on = stages.fetch("ResponseStarted", []).reject { |event| ended.include?(event["auditID"]) }
    going_on.map { |event| event.dig("objectRef", "namespace") }
  end

  # @return [Integer] how many of them are in the namespace
  def watches(namespace)
    watched.count(namespace)
  end

  # @return [Integer] requests of all kinds that were begun, but for those of the cluster itself and of the spec
  def size
    events.count { |event| event["stage"] == "RequestReceived" }
  end

  def delete
    FileUtils.rm_rf(@dir)
  end

  private

  def path
    "#{@dir}/log"
  end

  # A line that is being written is left for the next time.
  def events
    File.readlines(path).select { |line| line.end_with?("\n") }.map { |line| JSON.parse(line) }
        .reject { |event| event["userAgent"]&.start_with?("Ruby", "testcluster") }
  end
end
