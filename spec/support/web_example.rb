# frozen_string_literal: true

require "net/http"
require "rbconfig"
require_relative "eventually"

# The processes of examples/web around a cluster, until they are closed.
class WebExample
  include Eventually

  ROOT = File.expand_path("../..", __dir__)

  # @return [URI]
  attr_reader :uri

  # @param refresh [Numeric] seconds from one look at the cluster to the next
  def initialize(kubeconfig, embedded: false, refresh: 0.1)
    environment = { "KUBECONFIG" => kubeconfig, "REFRESH" => refresh.to_s, "RACK_ENV" => "production" }
    arguments = embedded ? ["--embedded"] : []
    @process = IO.popen([environment, RbConfig.ruby, "-I#{ROOT}/lib", "#{ROOT}/examples/web/start.rb", "--until-eof", *arguments], "r+")
    @uri = URI(@process.gets.to_s.strip)
  end

  # @return [Net::HTTPResponse]
  def get(path = "/")
    Net::HTTP.get_response(URI.join(uri, path))
  end

  # @return [String] the first page that says so
  def page_with(*words)
    eventually(60) { get.body.force_encoding("UTF-8").then { |body| body if words.all? { |one| body.match?(one) } } }
  end

  # Its standard input ends, and so do the processes.
  def close
    @process.close
  end
end
