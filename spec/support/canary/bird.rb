# frozen_string_literal: true

# What a program, a logger or an error tracker may print of a value; and whether any of it sings.

require "active_support"
require "active_support/core_ext/object/json"
require "active_support/notifications"
require "pp" # rubocop:disable Lint/RedundantRequireStatement -- the constant is not there before
require "yaml"

# A marker that must not be seen outside of what it was put into.
module Bird
  # Plain, and inside Base64, as an Authorization header or a kubeconfig has it: wherever it begins, and without its ends.
  def self.forms(marker)
    [marker, *(0..2).map { |shift| ["#{'x' * shift}#{marker}"].pack("m0")[4..-5] }]
  end

  # @return [Array] the names of those texts that have it
  def self.leaks(texts, marker)
    forms = forms(marker)
    texts.select { |_place, text| forms.any? { |form| text.to_s.b.include?(form.b) } }.keys
  end

  # Every text that a value gives of itself without being asked for its content.
  def self.texts(value)
    said = {
      inspect: -> { value.inspect }, to_s: -> { value.to_s }, pp: -> { PP.pp(value, +"") }, as_json: -> { value.as_json.to_s },
      to_json: -> { value.to_json }, to_yaml: -> { YAML.dump(value) }, marshal: -> { Marshal.dump(value).b.inspect }
    }
    said.transform_values do |text|
      text.call
    rescue TypeError => e # what cannot be dumped says why
      e.message
    end
  end

  # Every text of an error, and of its causes.
  def self.of_error(error)
    said = {
      message: error.message, full: error.full_message(highlight: false), highlighted: error.full_message(highlight: true),
      backtrace: error.backtrace.to_a.join("\n"),
      instance_variables: error.instance_variables.map { |name| error.instance_variable_get(name).inspect }.join
    }
    said[:detailed] = error.detailed_message if error.respond_to?(:detailed_message)
    causes = error.cause ? of_error(error.cause).transform_keys { |name| :"cause_#{name}" } : {}
    said.merge(texts(error), causes)
  end
end
