# frozen_string_literal: true

# Checks the house rules that no other tool knows. Prints each breach as FILE:LINE and exits 1 if there is one.
require "socket"

ROOT = File.expand_path("..", __dir__)
TRACKED = IO.popen(["git", "-C", ROOT, "ls-files", "-z"], &:read).split("\0").select { |path| File.file?(File.join(ROOT, path)) }
CODE = TRACKED.grep(/\.(rs|rb|rake|go)\z/)

def lines(path)
  File.read(File.join(ROOT, path), encoding: "UTF-8").scrub.lines
end

# Every line of `paths` that matches, with what is wrong about it.
def breaches(paths, pattern, words)
  paths.flat_map do |path|
    lines(path).each_with_index.filter_map { |line, index| "#{path}:#{index + 1}: #{words}" if line.match?(pattern) }
  end
end

def unsafe_outside_its_file
  breaches(TRACKED.grep(%r{\A(src|ext|tests)/.*\.rs\z}) - ["ext/gitlab_kube/src/gvl.rs"], %r{^(?!\s*//).*\bunsafe\s*(\{|fn|impl|extern)},
           "unsafe belongs in ext/gitlab_kube/src/gvl.rs")
end

# Whatever machine this runs on: its checkout, its user's home, its name.
def names_of_this_machine
  places = [ROOT, "#{File.dirname(ROOT)}/", "#{Dir.home}/."].grep_v(%r{\A/*\z})
  host = Socket.gethostname
  patterns = places.map { |place| Regexp.escape(place) }
  patterns << "\\b#{Regexp.escape(host)}\\b" if host.length > 5 && host != "localhost"
  breaches(TRACKED, Regexp.new(patterns.join("|")), "names the machine it was written on")
end

def files_without_a_first_line
  CODE.reject { |path| says_its_job?(path) }.map { |path| "#{path}:1: opens without its one job in one line" }
end

# The first thing in a file is a comment. In lib it may stand inside the module, where YARD reads it; a spec's is
# what it describes.
def says_its_job?(path)
  code = lines(path).grep_v(/\A(# frozen_string_literal|#!|\s*$)/)
  opening = code.grep_v(/\A\s*(module|class|require)/).first.to_s
  code.first.to_s.match?(%r{\A\s*(//|#)}) || opening.match?(/\A\s*(# |RSpec\.describe)/)
end

def ruby_named_in_the_core
  breaches(TRACKED.grep(%r{\Asrc/.*\.rs\z}), /\b(magnus|rb_sys)\b/, "src never names Ruby's crates")
end

# A page that leads nowhere. Only links to files of ours: no network.
def dead_links
  TRACKED.grep(/\.md\z/).flat_map do |path|
    lines(path).join.scan(/\]\(([^)#]+)/).flatten.grep_v(/\A[a-z]+:/).filter_map do |link|
      "#{path}:1: #{link} is not there" unless File.exist?(File.expand_path(link.strip, File.join(ROOT, File.dirname(path))))
    end
  end
end

found = unsafe_outside_its_file + names_of_this_machine + files_without_a_first_line + dead_links + ruby_named_in_the_core
puts found
exit found.empty?
