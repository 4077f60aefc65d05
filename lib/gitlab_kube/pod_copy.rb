# frozen_string_literal: true

require_relative "archive/extraction"
require_relative "archive/packing"
require_relative "archive/output"

module GitlabKube
  # Files and directories, to pods and from them: a tar archive over {PodExec#exec}, as `kubectl cp` does it. The container needs `tar`.
  module PodCopy
    # Copies a file or a directory into a container. Links and special files are left out.
    #
    # @param pod [String]
    # @param namespace [String]
    # @param source [String] a path on this machine
    # @param destination [String] what it will be in the container; the directory above must be there
    # @param container [String, nil] needed where the pod has several
    # @return [nil]
    # @raise [Errno::ENOENT] when there is no such file here
    # @raise [CopyError] when the container could not unpack it
    # @raise [HttpError] when the server does not run the command
    # @example
    #   client.core_client.copy_to_pod("web-0", "shop", "config/site.yml", "/tmp/site.yml")
    def copy_to_pod(pod, namespace, source, destination, container: nil)
      directory, name = remote_path(destination)
      packing = Archive::Packing.new(source, name)
      result = exec(pod, namespace, ["tar", "-xmf", "-", "-C", directory], container: container, stdin: packing)
      raise CopyError, "the container could not unpack what was sent (tar ended with #{result.exit_code})" unless result.success?
    end

    # Copies a file or a directory out of a container. Links and special files are left out.
    #
    # The container may be hostile: nothing is written but what lies in `destination`, no link is followed there, and no
    # permission is taken over but that to execute.
    #
    # @param pod [String]
    # @param namespace [String]
    # @param source [String] a path in the container
    # @param destination [String] what it will be on this machine; the directory above must be there
    # @param container [String, nil] needed where the pod has several
    # @param limit [Integer] bytes that may be written in all
    # @return [nil]
    # @raise [InvalidResponseError] for an archive with an entry that lies elsewhere, or that is none
    # @raise [DecodedBytesLimitError] when there is more
    # @raise [SystemCallError] when an entry cannot be written here
    # @raise [CopyError] when the container could not pack it
    # @raise [HttpError] when the server does not run the command
    # @example
    #   client.core_client.copy_from_pod("web-0", "shop", "/var/log/app", "logs", limit: 10 << 20)
    def copy_from_pod(pod, namespace, source, destination, container: nil, limit: 1 << 30)
      directory, name = remote_path(source)
      exec(pod, namespace, ["tar", "-cf", "-", "-C", directory, "--", name], container: container, stdin: false) do |session|
        output = Archive::Output.new(session)
        Archive::Extraction.new(name, destination, limit).call(output)
        output.drain
        raise CopyError, "the container could not pack it (tar ended with #{session.exit_code})" unless session.exit_code&.zero?
      end
    end

    private

    def remote_path(path)
      raise InvalidArgumentError, "a path has no NUL" if path.to_s.include?("\0")

      directory, name = File.split(path.to_s)
      raise InvalidArgumentError, "a path in a container ends with a name" if ["", ".", "..", "/"].include?(name)

      [directory.start_with?("-") ? "./#{directory}" : directory, name]
    end
  end
end
