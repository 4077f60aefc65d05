# frozen_string_literal: true

# Loads the compiled half of the gem from wherever it was built.
module GitlabKube
  # Where the library may be, in this order.
  NATIVE_LIBRARIES = [
    File.join(__dir__, RUBY_VERSION[/\A\d+\.\d+/], "gitlab_kube.so"), # a checkout, `rake compile`
    File.expand_path("../gitlab_kube.so", __dir__), # an installed gem, RubyGems 3.3
    File.join(__dir__, "gitlab_kube_ruby.so"), # an installed gem, RubyGems since
    # RubyGems told to keep libraries out of lib (install_extension_in_lib: false)
    *["gitlab_kube.so", "gitlab_kube/gitlab_kube_ruby.so"].filter_map { |name| $LOAD_PATH.resolve_feature_path(name)&.last }
  ].freeze
  private_constant :NATIVE_LIBRARIES

  # Looked for, not tried one after another: a library that is there and cannot be loaded must say why.
  native = NATIVE_LIBRARIES.find { |path| File.file?(path) }
  raise LoadError, "gitlab_kube is not compiled for Ruby #{RUBY_VERSION}: none of #{NATIVE_LIBRARIES.join(', ')} exists" unless native

  require native
end
