# frozen_string_literal: true

# Each stub answers the call its name says, as a real client makes it.
require_relative "../rails_shaped/application"

RSpec.describe GitlabKube::RSpec::KubernetesHelpers do
  include described_class

  let(:api_url) { "https://kubernetes.example.com/prefix" }
  let(:service) { Struct.new(:api_url, :token, :ca_pem).new(api_url, "t0ken", "") }

  # One client of the kubeclient family for one API group.
  def client(group = "api", version = "v1")
    Kubeclient::Client.new("#{api_url}/#{group}", version, http_max_redirects: 0)
  end

  let(:core) { client }
  let(:rbac) { client("apis/rbac.authorization.k8s.io") }
  let(:knative) { client("apis/serving.knative.dev", "v1alpha1") }
  let(:istio) { client("apis/networking.istio.io", "v1alpha3") }
  let(:plain) { Kubeclient::Resource.new(metadata: { name: "thing", namespace: "place" }) }

  describe "discovery" do
    before { stub_kubeclient_discover(api_url) }

    {
      ["api", "v1"] => %i[get_nodes get_pod create_secret update_service_account delete_namespace get_services],
      ["apis/extensions", "v1beta1"] => %i[get_deployments get_ingress],
      ["apis/apps", "v1"] => %i[get_deployments],
      ["apis/rbac.authorization.k8s.io", "v1"] => %i[update_cluster_role_binding create_role delete_role_binding get_cluster_roles],
      ["apis/metrics.k8s.io", "v1beta1"] => %i[get_nodes get_pods],
      ["apis/networking.k8s.io", "v1"] => %i[get_ingresses patch_ingress],
      ["apis/serving.knative.dev", "v1alpha1"] => %i[get_services get_revisions get_configurations get_routes]
    }.each do |(group, version), names|
      it "gives #{group} its methods" do
        expect(client(group, version)).to respond_to(*names)
      end
    end

    it "does not list config maps" do
      expect(core).not_to respond_to(:get_config_map)
    end

    it "pairs ingresses with the wrong kind for Kubernetes 1.16" do
      stub_kubernetes_call(:get, api_url, "/apis/extensions/v1beta1", kube_response(kube_1_16_extensions_v1beta1_discovery_body))
      expect(client("apis/extensions", "v1beta1")).to respond_to(:get_ingresses)
      expect(client("apis/extensions", "v1beta1")).not_to respond_to(:get_deployments)
    end

    it "lists nothing in extensions for Kubernetes 1.22" do
      stub_kubernetes_call(:get, api_url, "/apis/extensions/v1beta1", kube_response(kube_1_22_extensions_v1beta1_discovery_body))
      expect(client("apis/extensions", "v1beta1")).not_to respond_to(:get_ingresses)
    end

    it "answers 404 for Knative where there is none" do
      stub_kubeclient_discover_knative_not_found(api_url)
      expect { knative.get_services }.to raise_error(Kubeclient::ResourceNotFoundError)
    end

    it "finds Knative empty where it serves nothing yet" do
      stub_kubeclient_discover_knative_found(api_url)
      expect(knative).not_to respond_to(:get_services)
    end

    it "finds Istio with all its kinds" do
      stub_kubeclient_discover_istio(api_url)
      expect(istio).to respond_to(
        :get_gateways, :get_service_entry, :get_destination_rules, :get_envoy_filter, :get_sidecars, :get_virtual_services
      )
    end
  end

  describe "workloads" do
    it "lists pods of a namespace and of all" do
      stub_kubeclient_service_pods
      stub_kubeclient_service_pods({ status: 500 }, namespace: "place")

      expect(core.get_pods.map { |pod| pod.metadata.name }).to eq ["kube-pod"]
      expect { core.get_pods(namespace: "place") }.to raise_error(Kubeclient::HttpError)
    end

    it "lists pods, or answers a bare status" do
      stub_kubeclient_pods("place")
      stub_kubeclient_pods("nowhere", status: 404)

      expect(core.get_pods(namespace: "place").first.spec.containers.map(&:name)).to eq %w[container-0 container-0-1]
      expect { core.get_pods(namespace: "nowhere") }.to raise_error(Kubeclient::ResourceNotFoundError)
    end

    it "gets a pod, or answers a bare status" do
      stub_kubeclient_pod_details("web", "place")
      stub_kubeclient_pod_details("gone", "place", status: 404)

      expect(core.get_pod("web", "place").status.phase).to eq "Running"
      expect { core.get_pod("gone", "place") }.to raise_error(Kubeclient::ResourceNotFoundError)
    end

    it "answers the last lines of a log with timestamps" do
      stub_kubeclient_logs("web", "place")
      stub_kubeclient_logs("web", "place", container: "sidecar", status: 400, message: "container is starting")

      expect(core.get_pod_log("web", "place", tail_lines: 500, timestamps: true).to_s).to end_with("14:04:24.123456Z Log 3")
      expect { core.get_pod_log("web", "place", container: "sidecar", tail_lines: 500, timestamps: true) }
        .to raise_error(an_instance_of(Kubeclient::HttpError).and(have_attributes(error_code: 400)))
    end

    %w[extensions/v1beta1 apps/v1].each do |group_version|
      it "lists deployments of #{group_version}" do
        stub_kubeclient_deployments("place")
        group, version = group_version.split("/")

        deployment = client("apis/#{group}", version).get_deployments(namespace: "place").first
        expect(deployment.spec.replicas).to eq 3
        expect(deployment.metadata.annotations["app.gitlab.com/env"]).to eq "production"
      end
    end

    it "answers a bare status for deployments" do
      stub_kubeclient_deployments("place", status: 404)
      expect { client("apis/apps").get_deployments(namespace: "place") }.to raise_error(Kubeclient::ResourceNotFoundError)
    end

    it "lists ingresses, with a canary where asked, and patches one" do
      stub_kubeclient_ingresses("place", response: kube_ingresses_response(with_canary: true))
      stub_kubeclient_ingresses("place", method: :patch, resource_path: "/production-auto-deploy", response: kube_response(kube_ingress))
      networking = client("apis/networking.k8s.io")

      weights = networking.get_ingresses(namespace: "place").map do |one|
        one.metadata.annotations["nginx.ingress.kubernetes.io/canary-weight"]
      end
      expect(weights).to eq [nil, "50"]
      expect(networking.patch_ingress("production-auto-deploy", { metadata: {} }, "place").metadata.labels.heritage).to eq "Helm"
    end

    it "answers a bare status for ingresses" do
      stub_kubeclient_ingresses("place", status: 403)
      expect { client("apis/networking.k8s.io").get_ingresses(namespace: "place") }.to raise_error(Kubeclient::HttpError)
    end

    it "lists nodes and what they use, under one name" do
      stub_kubeclient_nodes_and_nodes_metrics(api_url)
      node = core.get_nodes.first
      usage = client("apis/metrics.k8s.io", "v1beta1").get_nodes.first

      expect(node.status.allocatable.cpu).to eq "1930m"
      expect(usage.usage.memory).to eq "1789048Ki"
      expect([node, usage].map { |one| one.metadata.name }.uniq).to eq [GitlabKube::RSpec::KubernetesHelpers::NODE_NAME]
    end

    it "lists Knative services" do
      stub_kubeclient_knative_services(namespace: "place", name: "hello")

      expect(knative.get_services(namespace: "place").first.status.url).to eq "http://hello.place.example.com"
    end
  end

  describe "accounts" do
    before { stub_kubeclient_discover(api_url) }

    it "answers a secret under the kind of a list" do
      stub_kubeclient_get_secret(api_url, metadata_name: "thing", namespace: "place", token: "dG9rZW4=")

      secret = core.get_secret("thing", "place")
      expect(secret.kind).to eq "SecretList"
      expect(secret.data.token).to eq "dG9rZW4="
    end

    it "answers a secret that appears, and one that is filled" do
      stub_kubeclient_get_secret_not_found_then_found(api_url, metadata_name: "late")
      stub_kubeclient_get_secret_missing_token_then_with_token(api_url, metadata_name: "empty")

      expect { core.get_secret("late", "default") }.to raise_error(Kubeclient::ResourceNotFoundError)
      expect(core.get_secret("late", "default").data.token).to eq Base64.encode64("token-sample-123")
      expect(Array.new(2) { core.get_secret("empty", "default").data.token.nil? }).to eq [true, false]
    end

    {
      stub_kubeclient_get_secret_error: ->(core, _) { core.get_secret("thing", "place") },
      stub_kubeclient_get_service_account_error: ->(core, _) { core.get_service_account("thing", "place") },
      stub_kubeclient_get_role_binding_error: ->(_, rbac) { rbac.get_role_binding("thing", "place") }
    }.each do |helper, call|
      it "answers what #{helper} is told, 404 unless told" do
        public_send(helper, api_url, "thing", namespace: "place")
        expect { call.call(core, rbac) }.to raise_error(Kubeclient::ResourceNotFoundError)

        public_send(helper, api_url, "thing", namespace: "place", status: 500)
        expect { call.call(core, rbac) }.to raise_error(Kubeclient::HttpError, /Internal Server Error/)
      end
    end

    it "answers 404 for a cluster role binding" do
      stub_kubeclient_get_cluster_role_binding_error(api_url, "thing")
      expect { rbac.get_cluster_role_binding("thing") }.to raise_error(Kubeclient::ResourceNotFoundError)
    end

    it "answers 500 for a service account that is created" do
      stub_kubeclient_create_service_account_error(api_url, namespace: "place")
      expect { core.create_service_account(plain) }.to raise_error(Kubeclient::HttpError)
    end

    it "lists namespaces" do
      stub_kubeclient_get_namespaces(api_url)
      expect(core.get_namespaces.map { |one| one.metadata.name }).to eq %w[knative-serving]
    end

    it "answers a namespace as told" do
      stub_kubeclient_get_namespace(api_url, namespace: "place", response: { status: 403 })
      expect { core.get_namespace("place") }.to raise_error(Kubeclient::HttpError)
    end

    in_place = { namespace: "place" }
    {
      [:stub_kubeclient_create_namespace] => lambda { |core, _, thing|
                                               core.create_namespace(Kubeclient::Resource.new(metadata: { name: thing.metadata.name }))
                                             },
      [:stub_kubeclient_get_namespace, in_place] => ->(core, _, _) { core.get_namespace("place") },
      [:stub_kubeclient_get_service_account, "thing", in_place] => ->(core, _, _) { core.get_service_account("thing", "place") },
      [:stub_kubeclient_create_service_account, in_place] => ->(core, _, thing) { core.create_service_account(thing) },
      [:stub_kubeclient_put_service_account, "thing", in_place] => ->(core, _, thing) { core.update_service_account(thing) },
      [:stub_kubeclient_create_secret, in_place] => ->(core, _, thing) { core.create_secret(thing) },
      [:stub_kubeclient_put_secret, "thing", in_place] => ->(core, _, thing) { core.update_secret(thing) },
      [:stub_kubeclient_create_cluster_role_binding] =>
        ->(_, rbac, thing) { rbac.create_cluster_role_binding(Kubeclient::Resource.new(metadata: { name: thing.metadata.name })) },
      [:stub_kubeclient_put_cluster_role_binding, "thing"] =>
        ->(_, rbac, _) { rbac.update_cluster_role_binding(Kubeclient::Resource.new(metadata: { name: "thing" })) },
      [:stub_kubeclient_put_cluster_role, "thing"] =>
        ->(_, rbac, _) { rbac.update_cluster_role(Kubeclient::Resource.new(metadata: { name: "thing" })) },
      [:stub_kubeclient_get_role_binding, "thing", in_place] => ->(_, rbac, _) { rbac.get_role_binding("thing", "place") },
      [:stub_kubeclient_create_role_binding, in_place] => ->(_, rbac, thing) { rbac.create_role_binding(thing) },
      [:stub_kubeclient_put_role_binding, "thing", in_place] => ->(_, rbac, thing) { rbac.update_role_binding(thing) },
      [:stub_kubeclient_delete_role_binding, "thing", in_place] => ->(_, rbac, _) { rbac.delete_role_binding("thing", "place") },
      [:stub_kubeclient_put_role, "thing", in_place] => ->(_, rbac, thing) { rbac.update_role(thing) }
    }.each do |(helper, *arguments), call|
      it "answers an empty object for #{helper}, once asked" do
        options = arguments.last.is_a?(Hash) ? arguments.pop : {}
        stub = public_send(helper, api_url, *arguments, **options)

        expect(call.call(core, rbac, plain).to_h).to eq({})
        expect(stub).to have_been_requested.once
      end
    end

    it "gets and puts a gateway" do
      stub_kubeclient_discover_istio(api_url)
      stub_kubeclient_get_gateway(api_url, "thing", namespace: "place")
      put = stub_kubeclient_put_gateway(api_url, "thing", namespace: "place")

      gateway = istio.get_gateway("thing", "place")
      expect(gateway.spec.servers.map { |server| server.port.number }).to eq [80, 443]
      istio.update_gateway(gateway)
      expect(put).to have_been_requested
    end
  end

  describe "bodies" do
    it "labels a pod with its track, and with nothing when it has none" do
      expect(kube_pod(track: "canary").dig("metadata", "labels")).to eq("track" => "canary")
      expect(kube_pod.dig("metadata", "labels")).to eq({})
    end

    it "marks only a canary ingress" do
      expect(kube_ingress(track: :canary).dig("metadata", "annotations")).to include("nginx.ingress.kubernetes.io/canary" => "true")
      expect(kube_ingress.dig("metadata", "annotations").keys.grep(/canary/)).to eq []
    end

    it "writes a Knative service as each release did" do
      expect(knative_05_service.dig("status", "address")).to eq("hostname" => "kubetest.default.svc.cluster.local")
      expect(knative_06_service.dig("spec", "runLatest", "configuration", "revisionTemplate", "spec", "timeoutSeconds")).to eq 300
      expect(knative_07_service(description: "hi").dig("spec", "template", "metadata", "annotations")).to eq("Description" => "hi")
      expect(knative_09_service(environment: "staging", cluster_id: 3)).to include("environment_scope" => "staging", "cluster_id" => 3)
      expect(kube_knative_pods_body("hello", "place")["items"].first.dig("metadata",
                                                                         "labels")).to eq("serving.knative.dev/service" => "hello")
    end

    it "opens a terminal for each container, with the CA only where there is one" do
      terminals = kube_terminals(service, kube_pod)
      expect(terminals.map { |terminal| terminal[:selectors] }).to eq(
        [{ pod: "kube-pod", container: "container-0" }, { pod: "kube-pod", container: "container-0-1" }]
      )
      expect(terminals.first[:url]).to eq(
        "wss://kubernetes.example.com/prefix/api/v1/namespaces/project-namespace/pods/kube-pod/exec" \
        "?container=container-0&stderr=true&stdin=true&stdout=true&tty=true&command=sh&command=-c&command=bash+%7C%7C+sh"
      )
      expect(terminals.first).not_to have_key(:ca_pem)
      service.ca_pem = "PEM"
      expect(kube_terminals(service, kube_pod).first).to include(ca_pem: "PEM", headers: { "Authorization" => ["Bearer t0ken"] })
    end

    unless Implementation.kubeclient?
      it "makes rollout statuses" do
        expect(kube_deployment_rollout_status.status).to eq :found
        expect(empty_deployment_rollout_status.status).to eq :not_found
      end
    end
  end
end
