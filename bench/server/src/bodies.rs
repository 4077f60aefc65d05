//! What the server answers: synthetic pods of 12 kB, made once and sent again and again.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Mutex, OnceLock};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// What `/api/v1` serves.
pub const DISCOVERY: &str = r#"{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["create","delete","get","list","patch","update","watch"]}]}"#;

/// How many pods differ from each other; a longer list repeats them.
const DIFFERENT: usize = 1000;
/// How many pods are handed to the connection at once.
const TOGETHER: usize = 20;
/// Events are, when they are this many bytes.
const PIECE: usize = 256 << 10;

/// A body in pieces, whose bytes are shared with all others.
pub struct Body {
    pub pieces: Vec<Bytes>,
    pub length: usize,
}

/// A part of a list.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Page {
    from: usize,
    to: usize,
    all: usize,
}

impl Page {
    /// The page of `all` pods that a query asks for with `limit` and `continue`: all of them where it says nothing.
    pub fn of(all: usize, query: &str) -> Self {
        let number = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.parse().ok());
        let from = number("continue=").unwrap_or(0).min(all);
        Self { from, to: all.min(from + number("limit=").unwrap_or(all)), all }
    }

    fn head(self) -> String {
        let token = if self.to < self.all { self.to.to_string() } else { String::new() };
        let metadata = json!({"resourceVersion": "4242", "continue": token});
        format!(r#"{{"kind":"PodList","apiVersion":"v1","metadata":{metadata},"items":["#)
    }
}

/// The pods, one after another, each with a comma after it; and what has been compressed before.
pub struct Bodies {
    pods: Bytes,
    ends: Vec<usize>,
    gzipped: Mutex<HashMap<Page, Bytes>>,
    random: OnceLock<Box<Self>>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self::of(pod)
    }
}

impl Bodies {
    fn of(pod: impl Fn(usize) -> Value) -> Self {
        let (mut pods, mut ends) = (Vec::new(), vec![0]);
        for i in 0..DIFFERENT {
            pods.extend_from_slice(pod(i).to_string().as_bytes());
            pods.push(b',');
            ends.push(pods.len());
        }
        Self { pods: pods.into(), ends, gzipped: Mutex::default(), random: OnceLock::new() }
    }

    /// Pods of which half is noise, made when they are first asked for.
    pub fn random(&self) -> &Self {
        self.random.get_or_init(|| Box::new(Self::of(random_pod)))
    }

    /// A list of pods; nothing is copied.
    pub fn list(&self, page: Page) -> Body {
        let mut pieces = vec![Bytes::from(page.head())];
        let mut from = page.from;
        while from < page.to {
            let start = from % DIFFERENT;
            let end = (start + TOGETHER).min(start + page.to - from).min(DIFFERENT);
            pieces.push(self.pods.slice(self.ends[start]..self.ends[end]));
            from += end - start;
        }
        if let Some(last) = pieces.last_mut().filter(|_| page.to > page.from) {
            last.truncate(last.len() - 1); // the comma
        }
        pieces.push(Bytes::from_static(b"]}"));
        let length = pieces.iter().map(Bytes::len).sum();
        Body { pieces, length }
    }

    /// The same, compressed as an API server does (level 1, as `gzip.BestSpeed`).
    pub fn gzip(&self, page: Page) -> Bytes {
        let mut known = self.gzipped.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        known.entry(page).or_insert_with(|| compress(&self.list(page))).clone()
    }

    /// One object of 1 kB.
    pub fn small(&self) -> Bytes {
        let labels: serde_json::Map<String, Value> =
            (0..14).map(|i| (format!("example.com/label-{i}"), json!(format!("a value of some length {i}")))).collect();
        let object = json!({"kind": "Pod", "apiVersion": "v1",
            "metadata": {"name": "x", "namespace": "n1", "uid": "0f1e2d3c", "resourceVersion": "42", "labels": labels},
            "spec": {"nodeName": "node-1", "containers": [{"name": "web", "image": "registry.example.com/web:1.2.3"}]},
            "status": {"phase": "Running", "podIP": "10.1.2.3"}});
        Bytes::from(object.to_string())
    }

    /// `count` events, an event a line.
    pub fn watch(&self, count: usize) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut block = Vec::new();
        for i in 0..count {
            let (start, end) = (self.ends[i % DIFFERENT], self.ends[i % DIFFERENT + 1] - 1);
            block.extend_from_slice(br#"{"type":"MODIFIED","object":"#);
            block.extend_from_slice(&self.pods[start..end]);
            block.extend_from_slice(b"}\n");
            if block.len() >= PIECE || i + 1 == count {
                pieces.push(Bytes::from(std::mem::take(&mut block)));
            }
        }
        pieces
    }
}

fn compress(body: &Body) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(1));
    for piece in &body.pieces {
        encoder.write_all(piece).unwrap_or_default();
    }
    Bytes::from(encoder.finish().unwrap_or_default())
}

/// `count` lines of a log.
pub fn log(count: usize) -> Vec<Bytes> {
    let line = |i| {
        format!(
            "2026-01-01T00:00:00.000000000Z INFO request {i} to /group/project answered 200 in 12 ms (cache miss, 3 queries)\n"
        )
    };
    let lines: Vec<String> = (0..count).map(line).collect();
    lines.chunks(PIECE / 128).map(|some| Bytes::from(some.concat())).collect()
}

/// The same size as [`pod`], with an annotation that no compression makes much smaller in place of its managed fields.
fn random_pod(i: usize) -> Value {
    let mut pod = pod(i);
    let noise: String = std::iter::successors(Some(0x9e37_79b9_7f4a_7c15 ^ i as u64), |x| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17)) // Marsaglia, "Xorshift RNGs", 2003
    })
    .skip(1)
    .take(400)
    .map(|x| format!("{x:016x}"))
    .collect();
    pod["metadata"]["managedFields"] = json!([]);
    pod["metadata"]["annotations"]["noise"] = json!(noise);
    pod
}

/// A pod as a real one looks: two containers with their environments, volumes, conditions, and the managed fields that nobody reads.
fn pod(i: usize) -> Value {
    let containers: Vec<Value> = ["web", "sidecar"].iter().map(|name| container(name)).collect();
    let conditions: Vec<Value> = ["Initialized", "Ready", "ContainersReady", "PodScheduled"]
        .iter()
        .map(|kind| json!({"type": kind, "status": "True", "lastProbeTime": null, "lastTransitionTime": "2026-01-01T00:00:05Z"}))
        .collect();
    let managed: Vec<Value> = (0..3).map(managed).collect();
    let statuses: Vec<Value> = ["web", "sidecar"].iter().map(|name| container_status(name, i)).collect();
    json!({
        "kind": "Pod", "apiVersion": "v1",
        "metadata": {
            "name": format!("web-7d4b9c6f5d-{i:05}"), "generateName": "web-7d4b9c6f5d-", "namespace": "production",
            "uid": format!("5f0c1a2e-0000-4000-8000-{i:012}"), "resourceVersion": (100_000 + i).to_string(),
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app": "web", "pod-template-hash": "7d4b9c6f5d", "track": "stable", "app.kubernetes.io/name": "web"},
            "annotations": {"app.gitlab.com/env": "production", "app.gitlab.com/app": "group-project", "note": "café \"quoted\"\n"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d4b9c6f5d",
                                 "uid": "11111111-2222-3333-4444-555555555555", "controller": true, "blockOwnerDeletion": true}],
            "managedFields": managed
        },
        "spec": {
            "containers": containers, "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
            "serviceAccountName": "default", "nodeName": format!("node-{}", i % 50), "securityContext": {}, "schedulerName": "default-scheduler",
            "volumes": [{"name": "token", "projected": {"defaultMode": 420, "sources": [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}]}}],
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]
        },
        "status": {
            "phase": if i % 20 == 0 { "Pending" } else { "Running" }, "hostIP": "10.0.0.1", "podIP": format!("10.1.{}.{}", i / 250, i % 250),
            "conditions": conditions,
            "containerStatuses": statuses, "startTime": "2026-01-01T00:00:01Z", "qosClass": "Burstable"
        }
    })
}

fn container(name: &str) -> Value {
    let env: Vec<Value> = (0..24)
        .map(|i| json!({"name": format!("SETTING_{i}"), "value": format!("the value of setting number {i} of {name}")}))
        .collect();
    json!({"name": name, "image": format!("registry.example.com/group/project/{name}:1.2.3"), "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": 8080, "protocol": "TCP"}], "env": env,
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}},
        "readinessProbe": {"httpGet": {"path": "/-/readiness", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10, "failureThreshold": 3}})
}

fn container_status(name: &str, i: usize) -> Value {
    json!({"name": name, "ready": true, "started": true, "restartCount": i % 4, "image": format!("registry.example.com/group/project/{name}:1.2.3"),
        "containerID": format!("containerd://{i:064x}"), "state": {"running": {"startedAt": "2026-01-01T00:00:04Z"}}, "lastState": {}})
}

fn managed(i: usize) -> Value {
    let mut fields = serde_json::Map::new();
    for k in 0..26 {
        fields.insert(format!("k:{{\"name\":\"SETTING_{k}\"}}"), json!({".": {}, "f:name": {}, "f:value": {}}));
    }
    json!({"manager": format!("manager-{i}"), "operation": "Update", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z",
        "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:containers": {"k:{\"name\":\"web\"}": {"f:env": fields}}}}})
}
