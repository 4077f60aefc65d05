# frozen_string_literal: true

require "open3"
require "rbconfig"
require "tmpdir"

# Runs a program in a network namespace where every IPv4 address is this machine, and a file says what names mean. In the environment
# there is a proxy for everything, and NO_PROXY for everything: nobody should mind either.
module World
  PROXY = "http://127.0.0.1:80"

  module_function

  # @return [Array(String, String, Process::Status)] as Open3.capture3
  def run(program, *arguments)
    Dir.mktmpdir do |directory|
      File.write(File.join(directory, "hosts"), "")
      File.write(File.join(directory, "nsswitch.conf"), "hosts: files\n")
      # Root needs no user namespace, and cannot have one in a chroot (user_namespaces(7)).
      user = Process.uid.zero? ? [] : %w[--user --map-root-user]
      Open3.capture3(environment, "unshare", *user, "--net", "--mount", "sh", "-ec", PREPARE, directory, RbConfig.ruby, program, *arguments)
    end
  end

  PREPARE = <<~SHELL
    ip link set lo up
    ip route add local 0.0.0.0/0 dev lo
    mount --bind "$0/hosts" /etc/hosts
    test ! -e /etc/nsswitch.conf || mount --bind "$0/nsswitch.conf" /etc/nsswitch.conf
    exec "$@"
  SHELL
  private_constant :PREPARE

  def environment
    %w[http https all].flat_map { |scheme| ["#{scheme}_proxy", "#{scheme.upcase}_PROXY"] }.to_h { |name| [name, PROXY] }
                      .merge("NO_PROXY" => "*", "no_proxy" => "*")
  end
  private_class_method :environment
end
