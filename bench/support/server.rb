# frozen_string_literal: true

# The byte-replaying HTTPS server of bench/server, in a process of its own.
require "json"
require "tempfile"

module Bench
  # Runs until the bench ends: the server stops when its standard input does.
  class Server
    BINARIES = File.expand_path("../../target/bench/release", __dir__)
    CLIENT_GO = File.expand_path("../client-go", BINARIES)
    PROGRAM = File.join(BINARIES, "gitlab_kube-bench")

    # @return [String]
    attr_reader :url, :ca

    def initialize
      @process = IO.popen(PROGRAM, "r+")
      @url, @ca = JSON.parse(@process.gets).values_at("url", "ca")
    end

    # @param core [Integer] see {Contest#initialize}
    # @return [Server]
    def pinned(core)
      Bench.pin(@process.pid, core)
      self
    end

    # @return [String] a file that lives as long as this object
    def ca_file
      (@ca_file ||= Tempfile.new("bench-ca").tap { |file| file.write(ca) && file.flush }).path
    end

    # @return [GitlabKube::KubeClient]
    def native(**options)
      require "gitlab_kube"
      GitlabKube::KubeClient.for_operator(url, ssl_options: { ca: ca }, **options)
    end

    # The client GitLab has today.
    # @return [Kubeclient::Client]
    def kubeclient(**options)
      require "kubeclient"
      store = OpenSSL::X509::Store.new.tap { |fresh| fresh.add_file(ca_file) }
      Kubeclient::Client.new(url, "v1", ssl_options: { cert_store: store }, **options)
    end

    # A connection that is kept.
    # @return [Net::HTTP]
    def http
      require "net/http"
      uri = URI(url)
      Net::HTTP.new(uri.host, uri.port).tap do |http|
        http.use_ssl = true
        http.ca_file = ca_file
        http.start
      end
    end

    # @return [Integer] bytes that it has sent to anybody
    def sent
      @process.puts
      @process.gets.to_i
    end

    # @param protocol [String] h1, h2 or reqwest
    # @return [Array<String>] the command of the Rust floor
    def floor(path, protocol)
      [File.join(BINARIES, "floor"), ca_file, url.delete_prefix("https://"), path, protocol]
    end

    # @param work [String] typed, touch, raw, get, watch or log
    # @return [Array<String>] the command of client-go
    def client_go(work, namespace)
      [CLIENT_GO, ca_file, url, work, namespace]
    end
  end
end
