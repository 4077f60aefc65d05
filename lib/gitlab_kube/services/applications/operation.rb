# frozen_string_literal: true

# What can be done to an application in a cluster.

module GitlabKube
  module Services
    module Applications
      # One row for each: the state it puts the record into, the events it logs, the Helm call and the words of its failure.
      Operation = Struct.new(:name, :make, :helm, :command, :failure, keyword_init: true) do
        # @return [Symbol]
        def begin_event
          :"begin_#{name}"
        end

        # @return [Symbol]
        def wait_event
          name == :install ? :schedule_wait_for_installation : :"schedule_wait_for_#{name}"
        end
      end

      # By name.
      OPERATIONS = [
        Operation.new(name: :install, make: :make_installing!, helm: :install, command: :install_command, failure: "Failed to install."),
        Operation.new(name: :upgrade, make: :make_updating!, helm: :update, command: :install_command, failure: "Failed to upgrade."),
        Operation.new(name: :patch, make: :make_updating!, helm: :update, command: :update_command, failure: "Failed to update."),
        Operation.new(name: :uninstall, make: :make_uninstalling!, helm: :uninstall, command: :uninstall_command,
                      failure: "Failed to uninstall.")
      ].to_h { |operation| [operation.name, operation.freeze] }.freeze
    end
  end
end
