# frozen_string_literal: true

# Checks that sig/ is valid, and prints every public method in lib/ that it does not know. Exits 1 if there is one.
require "rbs"
require "rbs/cli"
require "yard"

ROOT = File.expand_path("..", __dir__)

def signatures
  loader = RBS::EnvironmentLoader.new
  loader.add(path: Pathname(ROOT).join("sig"))
  RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(loader).resolve_type_names)
end

def public_methods_of_lib
  YARD::Registry.clear
  YARD.parse(File.join(ROOT, "lib/**/*.rb"), [], YARD::Logger::ERROR)
  YARD::Registry.all(:method).select { |method| method.visibility == :public && !internal?(method) && ours?(method) }
end

def ours?(method)
  method.namespace.path.start_with?("GitlabKube")
end

# Marked `@api private`, itself or what it is in.
def internal?(object)
  return false if object.root?

  object.tag(:api)&.text == "private" || internal?(object.namespace)
end

# The methods `sig` knows for one side (instance or class) of one module; nil if it does not know the module.
def known(builder, path, scope)
  name = TypeName("::#{path}")
  return unless builder.env.class_decls.key?(name)

  definition = scope == :class ? builder.build_singleton(name) : builder.build_instance(name)
  definition.methods.keys
end

RBS::CLI.new(stdout: $stdout, stderr: $stderr).run(["-I", File.join(ROOT, "sig"), "validate", "--silent"]) # Debian has no rbs command
builder = signatures
missing = public_methods_of_lib.group_by { |method| [method.namespace.path, method.scope] }.flat_map do |(path, scope), methods|
  names = known(builder, path, scope) or next methods.map { |method| "#{method.path} (sig/ has no #{path})" }
  methods.reject { |method| names.include?(method.name) }.map(&:path)
end
puts missing.uniq.sort
exit missing.empty?
