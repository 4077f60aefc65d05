# frozen_string_literal: true

# The files of an application that nobody would load beside this gem's objects under GitLab's names.

require_relative "gitlab_names"
require_relative "resources"

module GitlabKube
  # Zeitwerk passes over a file whose constant is there already, without a word: `require "gitlab_kube/gitlab"` makes
  # `lib/gitlab/kubernetes/kube_client.rb` such a file, and an application would go on editing it.
  #
  # @example
  #   GitlabKube::Shadowed.new(Rails.autoloaders).files # => { "…/kube_client.rb" => "Gitlab::Kubernetes::KubeClient" }
  # @api private
  class Shadowed
    # Where both have objects.
    NAMESPACE = "gitlab/kubernetes"

    # @param autoloaders [Enumerable<Zeitwerk::Loader>]
    def initialize(autoloaders)
      @autoloaders = autoloaders
    end

    # @return [Hash{String => String}] the name of the constant that is this gem's, by file
    def files
      @autoloaders.flat_map { |loader| loader.dirs.flat_map { |root| below(loader, root) } }.to_h
    end

    private

    def below(loader, root)
      Dir[File.join(root, "{#{NAMESPACE},#{NAMESPACE}/**/*}.rb")].filter_map do |file|
        names = constant_names(loader, root, file)
        [file, names.join("::")] if ours?(names, file)
      end
    end

    # As Zeitwerk names what it expects in a file.
    def constant_names(loader, root, file)
      place = root
      file.delete_prefix("#{root}/").delete_suffix(".rb").split("/").map do |word|
        place = File.join(place, word)
        loader.inflector.camelize(word, place)
      end
    end

    # Not so where the application adds to a namespace of this gem: then its file is, or will be, what defines the constant.
    def ours?(names, file)
      _, _, first, *more = names.map(&:to_sym)
      return true unless first
      return false unless GITLAB_NAMES.include?(first)

      more.empty? || more.reduce(GitlabKube.const_get(first, false)) { |space, name| inner(space, name, file) } ? true : false
    end

    def inner(space, name, file)
      return unless space.is_a?(Module) && space.const_defined?(name, false) && !space.autoload?(name, false)

      space.const_get(name, false) unless space.const_source_location(name, false)&.first == file
    end
  end
end
