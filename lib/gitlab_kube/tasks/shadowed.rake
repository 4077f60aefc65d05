# frozen_string_literal: true

# What an application can remove, or has to know of, before it says `require "gitlab_kube/gitlab"`.
namespace :gitlab_kube do
  desc "List the application's files that require \"gitlab_kube/gitlab\" keeps from being loaded"
  task shadowed: :environment do
    GitlabKube::Railtie.shadowed.each { |file, name| puts "#{name} #{file}" }
  end
end
