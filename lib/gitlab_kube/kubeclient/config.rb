# frozen_string_literal: true

# A kubeconfig, read in Ruby as kubeclient reads it: for programs that want its pieces, not a client.
require "openssl"
require "yaml"
require_relative "../kubeconfig/command"
require_relative "config/context"
require_relative "config/user"

module Kubeclient
  # A kubeconfig. One that was given without a directory is not trusted: it can name no file and run no command.
  class Config
    # @param filename [String] a file of the operator's own: its plugins will be run
    # @return [Config]
    # @raise [Psych::Exception] where it holds more than data
    # @example
    #   Kubeclient::Config.read(ENV.fetch("KUBECONFIG")).context.api_endpoint
    def self.read(filename)
      new(YAML.safe_load(File.read(filename), permitted_classes: [Date, Time]), File.dirname(filename))
    end

    # @param data [Hash] parsed
    # @param directory [String, nil] what its relative paths are relative to; nil where it is not trusted
    # @raise [RuntimeError] for another version than v1
    # @example
    #   Kubeclient::Config.new(YAML.safe_load(text), nil)
    def initialize(data, directory)
      raise "Unknown kubeconfig version" if data["apiVersion"] != "v1"

      @data = data
      @directory = directory
    end

    # @return [Array<String>] the names of the contexts
    # @example
    #   config.contexts # => ["gitlab-org/infrastructure:production"]
    def contexts
      @data["contexts"].map { |entry| entry["name"] }
    end

    # @param name [String, nil] the current context unless given
    # @return [Context]
    # @raise [KeyError] where the context or its cluster is not there
    # @raise [RuntimeError] where an untrusted file names a file or a command
    # @example
    #   config.context("gitlab-org/infrastructure:production").auth_options
    def context(name = nil)
      name ||= @data["current-context"]
      found = entry("context", name) or raise KeyError, "Unknown context #{name}"
      cluster = entry("cluster", found["cluster"]) or raise KeyError, "Unknown cluster #{found['cluster']}"
      user = User.new(entry("user", found["user"]) || {}, self)
      Context.new(cluster["server"], @data["apiVersion"], trust(cluster).merge(user.ssl_options), user.auth_options, found["namespace"])
    end

    # @return [String] no user, no token
    def inspect
      "#<#{self.class}>"
    end

    # @param path [String] of a file the kubeconfig names
    # @return [String] what is in it
    # @api private
    def read_file(path)
      trusted!("load a file")
      File.read(File.absolute_path(path, @directory))
    end

    # @return [String] what is to be run for a command
    # @api private
    def command(path)
      trusted!("execute a command")
      GitlabKube::Kubeconfig::Command.locate(path, @directory)
    end

    # A provider calls whom the kubeconfig names, or gives away this machine's own credentials: neither is for a file of somebody else's.
    #
    # @api private
    def provider!
      trusted!("ask an auth-provider")
    end

    private

    # Without a word of the file.
    def trusted!(what)
      raise "Kubeclient::Config: external lookups disabled, can't #{what}" unless @directory
    end

    def entry(what, name)
      @data["#{what}s"].to_a.find { |candidate| candidate["name"] == name }&.fetch(what, nil)
    end

    # Only the words "insecure-skip-tls-verify: true" turn verification off (CVE-2022-0759: it was off without a CA).
    def trust(cluster)
      verify = cluster["insecure-skip-tls-verify"] == true ? OpenSSL::SSL::VERIFY_NONE : OpenSSL::SSL::VERIFY_PEER
      authority = cluster["certificate-authority"]&.then { |path| read_file(path) } ||
                  cluster["certificate-authority-data"]&.unpack1("m")
      { verify_ssl: verify, cert_store: authority && store(authority) }.compact
    end

    # Of all certificates in the bundle, not just its first.
    def store(authority)
      OpenSSL::X509::Certificate.load(authority).each_with_object(OpenSSL::X509::Store.new) do |certificate, store|
        store.add_cert(certificate)
      end
    end
  end
end
