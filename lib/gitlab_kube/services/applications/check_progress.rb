# frozen_string_literal: true

# Looks how far an application's pod has come, and stores what came of it.

require_relative "../../helm"
require_relative "../../pod"
require_relative "reporting"

module GitlabKube
  module Services
    module Applications
      # @example
      #   GitlabKube::Services::Applications::CheckProgress.new(app, :install, client: client, wait: wait).execute
      class CheckProgress
        include Reporting

        # Seconds after which an operation has failed.
        TIMEOUT = 20 * 60
        # Stored when the pod failed.
        FAILED = "Operation failed. Check pod logs for %<pod_name>s for more details."
        # Stored when it took too long.
        TIMED_OUT = "Operation timed out. Check pod logs for %<pod_name>s for more details."
        # Stored when the record could not be destroyed.
        UNINSTALLED_ONLY = "Application uninstalled but failed to destroy: %<error_message>s"

        # @param app [Object] as for {Start}, with installing?, updating?, uninstalling?, updated_at, make_installed!,
        #   post_uninstall and destroy!
        # @param operation [Symbol] :install, :upgrade, :patch or :uninstall
        # @param client [KubeClient]
        # @param wait [#call] arranges for the next look; takes the app
        # @param logger [::Logger]
        # @param clock [#call] the time now
        def initialize(app, operation, client:, wait:, logger: Logger.default, clock: -> { Time.now })
          @app = app
          @operation = OPERATIONS.fetch(operation)
          @helm = Helm::Api.new(client)
          @wait = wait
          @logger = logger
          @clock = clock
        end

        # Does nothing unless the operation is going on.
        #
        # @return [void]
        def execute
          return unless in_progress?

          check(@helm.status(pod_name))
        rescue HttpError => e
          kubernetes_failed(e)
        end

        private

        def in_progress?
          case @operation.name
          when :install then @app.installing?
          when :uninstall then @app.uninstalling?
          else @app.updating?
          end
        end

        def pod_name
          @app.public_send(@operation.command).pod_name
        end

        def check(phase)
          case phase
          when GitlabKube::Pod::SUCCEEDED then succeeded
          when GitlabKube::Pod::FAILED then failed(FAILED)
          else overdue? ? failed(TIMED_OUT) : @wait.call(@app)
          end
        end

        def overdue?
          @clock.call - @app.updated_at > TIMEOUT
        end

        def failed(words)
          @app.make_errored!(format(words, pod_name: pod_name))
        end

        # The pod's end is known and stored; a pod that stays does no harm.
        def succeeded
          name = pod_name
          @operation.name == :uninstall ? destroy : @app.make_installed!
        ensure
          begin
            @helm.delete_pod!(name)
          rescue HttpError => e
            raise if GitlabKube.config.debug?

            log_error(e)
          end
        end

        def destroy
          @app.post_uninstall
          @app.destroy!
        rescue StandardError => e
          raise if GitlabKube.config.debug?

          @app.make_errored!(format(UNINSTALLED_ONLY, error_message: e.message))
        end
      end
    end
  end
end
