# frozen_string_literal: true

# Loads the client that PARITY names, so that the same examples run over the kubeclient gem and over this one.
$LOAD_PATH.unshift File.expand_path("../../../lib", __dir__)

require "json"
require "openssl"
require "socket"
require "tmpdir"
require "yaml"

# Which of the two this process has. They define the same names, so no process can have both.
module Implementation
  NAME = ENV.fetch("PARITY")

  # @return [Boolean] whether this is the kubeclient gem
  def self.kubeclient?
    NAME == "kubeclient"
  end
end

case Implementation::NAME
when "kubeclient"
  require "kubeclient"
when "gitlab_kube"
  require "gitlab_kube"
  require "gitlab_kube/kubeclient"
else
  abort "PARITY is kubeclient or gitlab_kube"
end
