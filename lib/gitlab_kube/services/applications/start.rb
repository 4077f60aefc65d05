# frozen_string_literal: true

# Starts the pod that installs, upgrades, patches or uninstalls an application.

require_relative "../../helm"
require_relative "operation"
require_relative "reporting"

module GitlabKube
  module Services
    # Applications that GitLab installs with Helm.
    module Applications
      # @example
      #   wait = ->(app) { ClusterWaitForAppInstallationWorker.perform_in(30, app.name, app.id) }
      #   GitlabKube::Services::Applications::Start.new(app, :install, client: client, wait: wait).execute
      class Start
        include Reporting

        # @param app [Object] id, name, cluster, scheduled?, make_installing!, make_updating!, make_uninstalling!, make_errored!(text),
        #   install_command, update_command, uninstall_command
        # @param operation [Symbol] :install, :upgrade, :patch or :uninstall
        # @param client [KubeClient]
        # @param wait [#call] arranges for {CheckProgress}; takes the app
        # @param logger [::Logger]
        # @raise [KeyError] for another operation
        def initialize(app, operation, client:, wait:, logger: Logger.default)
          @app = app
          @operation = OPERATIONS.fetch(operation)
          @client = client
          @wait = wait
          @logger = logger
        end

        # Does nothing unless the application is scheduled. A failure is stored in the record, not raised.
        #
        # @return [void]
        def execute
          return unless @app.scheduled?

          @app.public_send(@operation.make)
          start
        rescue HttpError => e
          kubernetes_failed(e)
        rescue StandardError => e
          raise if GitlabKube.config.debug?

          log_error(e)
          @app.make_errored!(@operation.failure)
        end

        private

        def start
          log_event(@operation.begin_event)
          Helm::Api.new(@client).public_send(@operation.helm, @app.public_send(@operation.command))
          log_event(@operation.wait_event)
          @wait.call(@app)
        end
      end
    end
  end
end
