# frozen_string_literal: true

# What the demo's Sidekiq loads: the job, and the page's cache.
require "sidekiq"
require_relative "demo_job"
require_relative "web/cluster_state"

DemoJob.include(Sidekiq::Worker)
DemoJob.sidekiq_options(retry: false)
