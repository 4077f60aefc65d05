//! Whom we believe, and who we are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::sync::Arc;

use gitlab_kube::error::Kind;
use gitlab_kube::secret::Secret;
use gitlab_kube::transport::tls::{Judge, Roots, Settings, Verify};
use gitlab_kube::transport::{Config, Transport};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, PKCS_ED25519, date_time_ymd,
};
use support::certificates::{Authority, Identity, self_signed};
use support::server::{Server, answer_all, ok};
use support::*;

const NAME: &str = "api.test";

/// A server that counts the requests it was sent.
async fn serve(config: Arc<rustls::ServerConfig>) -> Server {
    let answer = Arc::new(ok("{}"));
    Server::tls(config, move |io, _| answer_all(io, Arc::clone(&answer))).await
}

fn pem(roots: &str) -> impl FnOnce(&mut Config) {
    move |c| c.tls.roots = Roots::Pem(roots.as_bytes().to_vec())
}

async fn meet(server: &Server, transport: &Transport, name: &str) -> Result<u16, gitlab_kube::Error> {
    fetch(transport, get(&server.at("https", name))).await.map(|(status, _)| status)
}

/// The words of a handshake that was refused by us.
async fn refused(config: Arc<rustls::ServerConfig>, roots: &str, name: &str) -> String {
    let server = serve(config).await;
    let error = meet(&server, &transport(pem(roots)), name).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls, "{error}");
    assert!(!error.outcome_unknown(), "nothing was sent");
    assert!(error.words().contains("certificate verify failed"), "{error}");
    error.to_string()
}

#[tokio::test]
async fn believes_every_authority_of_a_bundle_with_comments() {
    let (one, two) = (Authority::new("one"), Authority::new("two"));
    let bundle = format!("# the first\n{}\nsome words\n\n{}# end", one.pem, two.pem.replace('\n', "\r\n"));
    for authority in [one, two] {
        let server = serve(authority.server(&[NAME], |_| ()).serve(&["http/1.1"])).await;
        assert_eq!(meet(&server, &transport(pem(&bundle)), NAME).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn refuses_an_unknown_authority() {
    let (known, unknown) = (Authority::new("one"), Authority::new("two"));
    let words = refused(unknown.server(&[NAME], |_| ()).serve(&[]), &known.pem, NAME).await;
    assert!(words.ends_with("unknown issuer"), "{words}");
}

#[tokio::test]
async fn refuses_a_stranger_where_the_systems_roots_decide() {
    let server = serve(Authority::new("one").server(&[NAME], |_| ()).serve(&[])).await;
    assert!(matches!(kind(meet(&server, &transport(|_| ()), NAME).await), Kind::Tls | Kind::Argument));
}

const CHILD: &str = "GITLAB_KUBE_TEST_SERVER";

/// Runs this very test again in a process whose environment names other roots.
#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "the test tells its child where the server is")]
async fn the_systems_roots_are_those_of_ssl_cert_file() {
    if let Ok(url) = std::env::var(CHILD) {
        return assert_eq!(fetch(&transport(|_| ()), get(&url)).await.unwrap().0, 200);
    }
    let authority = Authority::new("the system's");
    let server = serve(authority.server(&[NAME], |_| ()).serve(&[])).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, &authority.pem).unwrap();
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "the_systems_roots_are_those_of_ssl_cert_file"]);
    child.env(CHILD, server.at("https", NAME)).env("SSL_CERT_FILE", file.path()).env_remove("SSL_CERT_DIR");
    assert!(child.output().await.unwrap().status.success());
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn refuses_another_name() {
    let authority = Authority::new("one");
    let words = refused(authority.server(&["other.test"], |_| ()).serve(&[]), &authority.pem, NAME).await;
    assert!(words.ends_with("it has another name"), "{words}");
}

#[tokio::test]
async fn refuses_a_name_that_is_only_the_common_name() {
    let authority = Authority::new("one");
    let identity = authority.server(&[], |params| params.distinguished_name.push(rcgen::DnType::CommonName, NAME));
    refused(identity.serve(&[]), &authority.pem, NAME).await;
}

#[tokio::test]
async fn refuses_an_expired_and_a_future_certificate() {
    let authority = Authority::new("one");
    let old = authority.server(&[NAME], |params| params.not_after = date_time_ymd(2020, 1, 1));
    assert!(refused(old.serve(&[]), &authority.pem, NAME).await.ends_with("it has expired"));
    let new = authority.server(&[NAME], |params| params.not_before = date_time_ymd(2999, 1, 1));
    assert!(refused(new.serve(&[]), &authority.pem, NAME).await.ends_with("it is not yet valid"));
}

#[tokio::test]
async fn refuses_a_clients_certificate_and_an_authoritys_at_a_server() {
    let authority = Authority::new("one");
    let client =
        authority.server(&[NAME], |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    refused(client.serve(&[]), &authority.pem, NAME).await;
    let ca = authority.server(&[NAME], |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    refused(ca.serve(&[]), &authority.pem, NAME).await;
}

#[tokio::test]
async fn refuses_a_certificate_whose_key_the_server_does_not_have() {
    let authority = Authority::new("one");
    let (right, other) = (authority.server(&[NAME], |_| ()), authority.server(&[NAME], |_| ()));
    let server = serve(right.serve_with_key_of(&other)).await;
    assert_eq!(kind(meet(&server, &transport(pem(&authority.pem)), NAME).await), Kind::Tls);
}

fn as_ca(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

#[tokio::test]
async fn believes_a_self_signed_server_that_is_in_the_bundle() {
    for identity in [self_signed(&[NAME], |_| ()), self_signed(&[NAME], as_ca)] {
        let server = serve(identity.serve(&[])).await;
        assert_eq!(meet(&server, &transport(pem(&identity.pem)), NAME).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn refuses_a_self_signed_server_with_another_name_date_purpose_or_bundle() {
    let own = |change: fn(&mut CertificateParams)| {
        let identity = self_signed(&[NAME], |params| {
            as_ca(params);
            change(params);
        });
        (identity.serve(&[]), identity.pem)
    };
    let (good, good_pem) = own(|_| ());
    refused(good.clone(), &good_pem, "other.test").await;
    refused(good, &Authority::new("one").pem, NAME).await;
    let (old, old_pem) = own(|params| params.not_after = date_time_ymd(2020, 1, 1));
    assert!(refused(old, &old_pem, NAME).await.ends_with("it has expired"));
    let (client, client_pem) = own(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    assert!(refused(client, &client_pem, NAME).await.ends_with("it is not meant for servers"));
}

#[tokio::test]
async fn refuses_a_self_signed_server_of_the_bundle_with_another_key() {
    let (right, other) = (self_signed(&[NAME], as_ca), self_signed(&[NAME], as_ca));
    let server = serve(right.serve_with_key_of(&other)).await;
    assert_eq!(kind(meet(&server, &transport(pem(&right.pem)), NAME).await), Kind::Tls);
}

#[tokio::test]
async fn refuses_a_leaf_of_the_bundle_that_a_stranger_issued() {
    let identity = Authority::new("stranger").server(&[NAME], |_| ());
    refused(identity.serve(&[]), &identity.pem, NAME).await;
}

#[tokio::test]
async fn asks_for_the_certificate_of_an_address() {
    let authority = Authority::new("one");
    let server = serve(authority.server(&["127.0.0.1"], |_| ()).serve(&[])).await;
    assert_eq!(meet(&server, &transport(pem(&authority.pem)), "127.0.0.1").await.unwrap(), 200);
    let words = refused(authority.server(&[NAME], |_| ()).serve(&[]), &authority.pem, "127.0.0.1").await;
    assert!(words.ends_with("it has another name"), "{words}");
}

#[tokio::test]
async fn a_server_name_replaces_the_urls_in_sni_and_certificate() {
    let authority = Authority::new("one");
    let answer = Arc::new(ok("{}"));
    let server = Server::tls(authority.server(&[NAME], |_| ()).serve(&[]), move |io, _| {
        assert_eq!(io.get_ref().1.server_name(), Some(NAME));
        answer_all(io, Arc::clone(&answer))
    })
    .await;
    for host in ["127.0.0.1", "other.test"] {
        let transport = transport(|c| {
            pem(&authority.pem)(c);
            c.tls.server_name = Some(NAME.into());
        });
        assert_eq!(meet(&server, &transport, host).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn a_name_with_a_final_dot_is_the_same_name() {
    let authority = Authority::new("one");
    let server = serve(authority.server(&[NAME], |_| ()).serve(&[])).await;
    assert_eq!(meet(&server, &transport(pem(&authority.pem)), "api.test.").await.unwrap(), 200);
}

#[tokio::test]
async fn nobody_is_checked_only_where_that_was_said() {
    let identity = self_signed(&["other.test"], |params| params.not_after = date_time_ymd(2020, 1, 1));
    let server = serve(identity.serve(&[])).await;
    assert_eq!(meet(&server, &transport(|c| c.tls.verify = Verify::None), NAME).await.unwrap(), 200);
    assert_eq!(kind(meet(&server, &transport(pem(&identity.pem)), NAME).await), Kind::Tls);
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_error() {
    let server = Server::tcp(|mut io, _| async move {
        tokio::io::AsyncWriteExt::write_all(&mut io, format!("HTTP/1.1 400 {MARKER}\r\n\r\n").as_bytes())
            .await
            .unwrap();
        support::server::drain(&mut io).await;
    })
    .await;
    assert_eq!(kind(meet(&server, &transport(|c| c.tls.verify = Verify::None), NAME).await), Kind::Tls);
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_handshake_is_a_reset() {
    let server = Server::tcp(|_, _| async {}).await;
    let error = meet(&server, &transport(|c| c.tls.verify = Verify::None), NAME).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reset);
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn a_handshake_that_stalls_is_an_open_timeout() {
    let server = Server::tcp(|mut io, _| async move { support::server::drain(&mut io).await }).await;
    let transport = transport(|c| {
        c.tls.verify = Verify::None;
        c.timeouts.open = Some(std::time::Duration::from_millis(200));
    });
    let error = meet(&server, &transport, NAME).await.unwrap_err();
    assert_eq!(error.to_string(), "Timed out connecting to server");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn dropping_the_future_within_the_handshake_closes_the_connection() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::tcp(move |mut io, _| {
        let tell = tell.clone();
        async move {
            let mut hello = [0; 5];
            tokio::io::AsyncReadExt::read_exact(&mut io, &mut hello).await.unwrap();
            tell.send("greeted").unwrap();
            support::server::drain(&mut io).await;
            tell.send("closed").unwrap();
        }
    })
    .await;
    let (transport, request) = (transport(|c| c.tls.verify = Verify::None), get(&server.at("https", NAME)));
    let call = tokio::spawn(async move { transport.send(request, &loopback(), WHOLE).await.map(drop) });
    assert_eq!(soon(told.recv()).await, Some("greeted"));
    call.abort();
    assert_eq!(soon(told.recv()).await, Some("closed"));
}

fn identified(authority: &Authority, identity: (String, String)) -> Transport {
    transport(|c| {
        pem(&authority.pem)(c);
        c.tls.client_cert = Some((identity.0.into_bytes(), Secret::new(identity.1.into_bytes())));
    })
}

#[tokio::test]
async fn shows_its_own_certificate() {
    let authority = Authority::new("one");
    let server = serve(authority.server(&[NAME], |_| ()).serve_only_to(&authority)).await;
    for algorithm in [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
        let client = authority.client(KeyPair::generate_for(algorithm).unwrap());
        let transport = identified(&authority, (client.pem.clone(), client.key.serialize_pem()));
        assert_eq!(meet(&server, &transport, NAME).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_refuses_nobody_and_a_stranger() {
    let authority = Authority::new("one");
    let server = serve(authority.server(&[NAME], |_| ()).serve_only_to(&authority)).await;
    assert_eq!(kind(meet(&server, &transport(pem(&authority.pem)), NAME).await), Kind::Tls);
    let stranger = Authority::new("two").client(KeyPair::generate().unwrap());
    let transport = identified(&authority, (stranger.pem.clone(), stranger.key.serialize_pem()));
    assert_eq!(kind(meet(&server, &transport, NAME).await), Kind::Tls);
}

fn words(change: impl FnOnce(&mut Settings)) -> String {
    let mut config = config();
    config.tls.roots = Roots::Pem(Authority::new("one").pem.into_bytes());
    change(&mut config.tls);
    let error = Transport::new(config).unwrap_err();
    assert_eq!(error.kind(), Kind::Argument);
    error.to_string()
}

#[test]
fn says_what_is_wrong_with_a_bundle() {
    let roots = |pem: &str| {
        let pem = pem.as_bytes().to_vec();
        words(|tls| tls.roots = Roots::Pem(pem))
    };
    assert_eq!(roots(""), "the CA bundle has no certificate in it");
    assert_eq!(roots("no PEM at all"), "the CA bundle has no certificate in it");
    assert_eq!(roots("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"), "the CA bundle is not PEM");
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(roots(no_certificate), "a certificate of the CA bundle cannot be read");
}

#[test]
fn says_what_is_wrong_with_a_client_certificate() {
    let client = |cert: &str, key: &str| {
        let pair = (cert.as_bytes().to_vec(), Secret::new(key.as_bytes().to_vec()));
        words(|tls| tls.client_cert = Some(pair))
    };
    let Identity { pem, key, .. } = Authority::new("one").client(KeyPair::generate().unwrap());
    let key = key.serialize_pem();
    let other = KeyPair::generate().unwrap().serialize_pem();
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    assert_eq!(client("", &key), "the client certificate has no certificate in it");
    assert_eq!(client(&pem, ""), "the key of the client certificate is not a PEM private key");
    assert_eq!(client(&pem, encrypted), "the key of the client certificate is encrypted");
    assert_eq!(client(&pem, &other), "the client certificate and its key do not belong together");
}

#[test]
fn says_that_a_server_name_is_none() {
    assert_eq!(words(|tls| tls.server_name = Some("not a name".into())), "the server name for TLS is no name");
}

#[tokio::test]
async fn a_judge_is_asked_before_anything_is_sent_and_then_believed() {
    let identity = Authority::new("stranger").server(&[NAME], |_| ());
    let server = serve(identity.serve(&[])).await;
    let judge = Arc::new(Judge::default());
    let transport = transport(|c| c.tls.verify = Verify::Judge(Arc::clone(&judge)));
    let error = meet(&server, &transport, NAME).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unjudged);
    assert!(!error.outcome_unknown());
    let chain = error.chain().unwrap();
    assert_eq!(*chain, [identity.der.to_vec()]);
    judge.reject(&chain, NAME);
    assert_eq!(kind(meet(&server, &transport, NAME).await), Kind::Tls);
    judge.approve(&chain, NAME);
    assert_eq!(meet(&server, &transport, NAME).await.unwrap(), 200);
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_judge_is_not_asked_about_another_name_date_purpose_or_key() {
    let authority = Authority::new("one");
    let good = authority.server(&[NAME], |_| ());
    let old = authority.server(&[NAME], |params| params.not_after = date_time_ymd(2020, 1, 1));
    let client =
        authority.server(&[NAME], |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    let other = authority.server(&["other.test"], |_| ());
    for bad in [old, client, other] {
        let server = serve(bad.serve(&[])).await;
        let transport = transport(|c| c.tls.verify = Verify::Judge(Arc::default()));
        assert_eq!(kind(meet(&server, &transport, NAME).await), Kind::Tls);
    }
    let judge = Arc::new(Judge::default());
    judge.approve(&[good.der.to_vec()], NAME);
    let server = serve(good.serve_with_key_of(&authority.server(&[NAME], |_| ()))).await;
    let transport = transport(|c| c.tls.verify = Verify::Judge(judge));
    assert_eq!(kind(meet(&server, &transport, NAME).await), Kind::Tls);
}

#[test]
fn a_transport_is_made_without_a_runtime() {
    let made = transport(pem(&Authority::new("one").pem));
    assert!(!format!("{made:?}").contains("PRIVATE KEY"));
}

/// A key in every dress that kubeconfigs have it in, made by the tool that made most of them.
#[test]
fn reads_every_kind_of_key() {
    let kinds = [
        ("ec -pkeyopt ec_paramgen_curve:P-256", &["pkey", "ec"][..]),
        ("ec -pkeyopt ec_paramgen_curve:P-384", &["pkey", "ec"]),
        #[cfg(feature = "fips")]
        ("ec -pkeyopt ec_paramgen_curve:P-521", &["pkey", "ec"]),
        ("rsa:2048", &["pkey", "rsa -traditional"]),
        ("ed25519", &["pkey"]),
    ];
    for (kind, dresses) in kinds {
        let directory = tempfile::tempdir().unwrap();
        let openssl = |arguments: &str| {
            let mut command = std::process::Command::new("openssl");
            let output = command.args(arguments.split(' ')).current_dir(&directory).output().unwrap();
            assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        };
        openssl(&format!("req -x509 -nodes -subj /CN=admin -out cert.pem -keyout key.pem -newkey {kind}"));
        for dress in dresses {
            openssl(&format!("{dress} -in key.pem -out dressed.pem"));
            let read = |name: &str| std::fs::read(directory.path().join(name)).unwrap();
            let pair = (read("cert.pem"), Secret::new(read("dressed.pem")));
            let made = Transport::new(Config { tls: Settings { client_cert: Some(pair), ..config().tls }, ..config() });
            assert!(made.is_ok(), "{kind} as {dress}: {:?}", made.err());
        }
    }
}

#[test]
#[cfg(not(feature = "fips"))]
fn says_that_a_key_is_of_a_kind_this_build_cannot_use() {
    let command = "req -x509 -nodes -subj /CN=admin -keyout - -newkey ec -pkeyopt ec_paramgen_curve:P-521";
    let pem = std::process::Command::new("openssl").args(command.split(' ')).output().unwrap().stdout;
    let pair = (pem.clone(), Secret::new(pem));
    assert_eq!(
        words(|tls| tls.client_cert = Some(pair)),
        "the key of the client certificate is of a kind that this build cannot use"
    );
}
