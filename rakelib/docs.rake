# frozen_string_literal: true

# The Ruby API's documentation.
desc "Write doc/, and fail on a warning or on anything public without documentation"
task :docs do
  sh "yard", "doc", "--no-progress", "--fail-on-warning"
  undocumented = `yard stats --no-save --list-undoc --compact`.lines.grep(%r{\(lib/})
  abort "not documented:\n#{undocumented.join}" unless undocumented.empty?
end
