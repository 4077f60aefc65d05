# frozen_string_literal: true

# Throws broken kubeconfigs at the reader, which may answer with a client or with a GitlabKube::Error, and with nothing else:
# in a second of processor time and in bounded memory, without opening a file or starting a program, and without a word of the text.
#
#   ruby fuzz/kubeconfig.rb [SECONDS [SEED]]     SECONDS of 0: each text of the corpus, and a thousand mutations of them
#
# It prints its figures. What broke a promise is left in fuzz/artifacts/kubeconfig/, is named, and makes it exit with 1.
require_relative "../lib/gitlab_kube"
require_relative "kubeconfig/mutator"
require_relative "kubeconfig/watch"
require "fileutils"
require "json"

# One run.
class KubeconfigFuzz
  CORPUS = Dir[File.join(__dir__, "corpus/kubeconfig/*")].sort.freeze
  ARTIFACTS = File.join(__dir__, "artifacts/kubeconfig")
  # Stands in the corpus wherever a kubeconfig holds what nobody may see.
  SECRET = "canary-6f1d2a"
  CPU_SECONDS = 1.0
  MEGABYTES = 512
  SHORT = 1000

  def initialize(seconds, seed)
    @until = now + seconds
    @short = seconds.zero?
    @mutator = Mutator.new(Random.new(seed))
    @tries = 0
    @slowest = 0.0
  end

  # A text whose outcome is new is a good one to go on from.
  # @return [Hash] the figures
  def run
    kept = CORPUS.map { |path| File.binread(path) }
    outcomes = kept.to_h { |text| [outcome(text), text] }
    until done?
      text = @mutator.mutate(kept)
      found = outcome(text)
      kept << (outcomes[found] = text) unless outcomes.key?(found)
    end
    { tries: @tries, outcomes: outcomes.size, slowest_ms: (@slowest * 1000).round }
  end

  private

  def done?
    @short ? @tries >= CORPUS.size + SHORT : now >= @until
  end

  # @return [Array] the class and the words of the error, or the names of the options that were found
  def outcome(text)
    @tries += 1
    text = text.dup.force_encoding(@tries.even? ? Encoding::UTF_8 : Encoding::BINARY)
    keep(text)
    started = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
    Watch.over { read(text) }.tap { in_time(Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - started) }
  end

  def read(text)
    GitlabKube::Kubeconfig.contexts(text)
    client = GitlabKube::KubeClient.from_kubeconfig(text)
    client.kubeclient_options.transform_values { |value| value.is_a?(Hash) ? value.keys : value.class }.to_a
  rescue GitlabKube::Error => e
    raise "the words hold the secret" if e.full_message(highlight: false).include?(SECRET)

    [e.class, e.message]
  end

  def in_time(seconds)
    @slowest = [@slowest, seconds].max
    raise "took #{seconds.round(1)} s" if seconds > CPU_SECONDS
  end

  # Before it is read: what kills the process is on disk then.
  def keep(text)
    File.binwrite(File.join(ARTIFACTS, "last"), text)
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end

if $PROGRAM_NAME == __FILE__
  seconds = Integer(ARGV.fetch(0, "0"))
  seed = Integer(ARGV.fetch(1) { Random.new_seed % 1_000_000 })
  FileUtils.mkdir_p(KubeconfigFuzz::ARTIFACTS)
  Watch.limit(megabytes: KubeconfigFuzz::MEGABYTES)
  begin
    puts JSON.generate(KubeconfigFuzz.new(seconds, seed).run.merge(seed: seed))
  rescue Exception => e # rubocop:disable Lint/RescueException -- whatever comes, NoMemoryError too, is the finding
    File.rename(File.join(KubeconfigFuzz::ARTIFACTS, "last"), path = File.join(KubeconfigFuzz::ARTIFACTS, "seed-#{seed}"))
    abort "#{path}: #{e.full_message(highlight: false)}"
  end
end
