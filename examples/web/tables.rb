# frozen_string_literal: true

# The tables of deployments and pods as HTML. Everything from the cluster is text, whatever it says.
require "cgi"

# The rows of one namespace, or of all.
class Tables
  PHASES = %w[Pending Running Succeeded Failed].freeze # https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
  SHOWN = 200 # rows of a table; the rest is counted

  # @param namespace [String, nil] nil for all
  def initialize(namespace)
    @namespace = namespace
  end

  # @return [String]
  def title
    @namespace ? %(<a href="/">Cluster</a> / #{text(@namespace)}) : "Cluster"
  end

  # @param data [Hash{String => Array<Array>}]
  # @return [String]
  def html(data)
    deployments(of_namespace(data.fetch("deployments"))) + pods(of_namespace(data.fetch("pods")))
  end

  private

  def of_namespace(rows)
    @namespace ? rows.select { |row| row.first == @namespace } : rows
  end

  def deployments(rows)
    table("Deployments", %w[Namespace Name Ready Created], rows) do |namespace, name, ready, wanted, created|
      whole = ready.to_i == wanted.to_i ? "running" : "pending"
      [link(namespace), text(name), badge("#{ready.to_i} of #{wanted.to_i}", whole), time(created)]
    end
  end

  def pods(rows)
    phases = rows.map { |row| row[2] }.tally.map { |phase, count| badge("#{count} #{phase}", kind(phase)) }
    table("Pods", %w[Namespace Name Phase Node Created], rows, phases.first(PHASES.size + 1)) do |namespace, name, phase, node, created|
      [link(namespace), text(name), badge(phase, kind(phase)), text(node || "–"), time(created)]
    end
  end

  def table(title, columns, rows, extra = [])
    head = "<h2>#{title} <small>#{rows.size}</small> #{extra.join(' ')}</h2>"
    return %(<section>#{head}<p class="empty">None.</p></section>) if rows.empty?

    lines = rows.first(SHOWN).map { |row| "<tr>#{yield(*row).map { |cell| "<td>#{cell}</td>" }.join}</tr>" }
    more = rows.size > SHOWN ? %(<p class="empty">… and #{rows.size - SHOWN} more</p>) : ""
    "<section>#{head}<table><thead><tr>#{columns.map { |name| "<th>#{name}</th>" }.join}</tr></thead>" \
      "<tbody>#{lines.join}</tbody></table>#{more}</section>"
  end

  # A class is one of ours: a server cannot choose how its words look.
  def kind(phase)
    PHASES.include?(phase) ? phase.downcase : "unknown"
  end

  def badge(words, kind)
    %(<span class="badge #{kind}">#{text(words)}</span>)
  end

  def link(namespace)
    @namespace.nil? && namespace.to_s.match?(/\A[a-z0-9-]{1,63}\z/) ? %(<a href="/#{namespace}">#{namespace}</a>) : text(namespace)
  end

  def time(stamp)
    "<time>#{text(stamp.to_s[0, 16].tr('T', ' '))}</time>"
  end

  def text(value)
    CGI.escapeHTML(value.to_s.scrub[0, 253]) # the longest name that Kubernetes knows
  end
end
