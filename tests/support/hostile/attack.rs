//! One attack on the client: how the server plays it, what the caller must see, what it may cost, and that it is over then.
//!
//! Every attack goes the way of a call from Ruby: options, policy, the step machine, the network, the document.

use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use gitlab_kube::api::Catalog;
use gitlab_kube::api::request::{Format, Spec, Want};
use gitlab_kube::call::{Event, Step};
use gitlab_kube::client::{Client, Credentials, Manner, Options, Outcome};
use gitlab_kube::error::{Error, Kind};
use gitlab_kube::policy::Settings;
use gitlab_kube::process::Process;
use gitlab_kube::wire::Path;
use gitlab_kube::{Limits, Secret, Timeouts};
use http::Method;
use peak_alloc::PeakAlloc;
use tokio::runtime::Runtime;

use crate::support::server::{Server, ok};
use crate::support::{MARKER, PATIENCE, soon};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What the binding makes a catalog of.
const DISCOVERY: &str = "/api/v1";

/// What an attack may cost on top of what the limits allow an answer to be.
const SLACK: usize = 32 << 20;

/// Memory is counted for the whole process, so one attack is made and played at a time.
pub fn alone(attack: impl FnOnce()) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _turn = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    attack();
}

/// The far side of every attack: never the runtime of the client.
static FAR_SIDE: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Names each attack with a claim, and makes it a test.
macro_rules! attacks {
    ($($(#[$doc:meta])* $name:ident: $attack:expr;)*) => { $($(#[$doc])* #[test] fn $name() { $crate::attack::alone(|| $attack.run()) })* };
}
pub(crate) use attacks;

/// Options small enough for a test; an attack changes what it is about.
pub fn options(url: &str) -> Options {
    let mut options = Options::new(url);
    options.credentials = Credentials::Bearer(Secret::new("token".into()));
    options.limits = Limits {
        wire_bytes: 8 << 20,
        decoded_bytes: 16 << 20,
        ratio_after: 1 << 20,
        string_bytes: 1 << 20,
        line_bytes: 1 << 20,
        message_bytes: 64 << 10,
        items: 10_000,
        ..Limits::default()
    };
    options.timeouts =
        Timeouts { open: Some(PATIENCE), read: Some(PATIENCE), idle: Some(PATIENCE), total: Some(PATIENCE) };
    options
}

/// What the caller must see.
enum End {
    Fine,
    One(Vec<Kind>),
    Refusal(u16),
}

/// Makes the server, if it takes one, and says where it is.
type Play = Box<dyn FnOnce() -> (Option<Server>, String)>;
type Change = Box<dyn FnOnce(&mut Options)>;

pub struct Attack {
    server: Play,
    changes: Vec<Change>,
    settings: Settings,
    spec: Spec,
    calls: usize,
    end: End,
    closes: bool,
    trap: Option<Server>,
}

impl Attack {
    /// By whoever `server` makes, over `scheme`.
    pub fn by(scheme: &'static str, server: impl AsyncFnOnce() -> Server + 'static) -> Self {
        let made = move || {
            let server = FAR_SIDE.block_on(server());
            let url = format!("{scheme}://{}", server.address);
            (Some(server), url)
        };
        Self::new(Box::new(made))
    }

    /// By a URL alone.
    pub fn at(url: &'static str) -> Self {
        Self::new(Box::new(move || (None, url.to_owned())))
    }

    fn new(server: Play) -> Self {
        let spec = Spec::get("/api/v1/pods?limit=500".into());
        let settings = Settings { local_requests_allowed: true, ..Settings::default() };
        Self { server, changes: Vec::new(), settings, spec, calls: 1, end: End::Fine, closes: true, trap: None }
    }

    /// Over another scheme.
    pub fn over(self, scheme: &'static str) -> Self {
        self.with(move |options| options.url = options.url.replacen("http", scheme, 1))
    }

    /// Changes the options of the client.
    pub fn with(mut self, change: impl FnOnce(&mut Options) + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Changes its limits.
    pub fn limits(self, change: impl FnOnce(&mut Limits) + 'static) -> Self {
        self.with(|options| change(&mut options.limits))
    }

    /// Changes its timeouts.
    pub fn timeouts(self, change: impl FnOnce(&mut Timeouts) + 'static) -> Self {
        self.with(|options| change(&mut options.timeouts))
    }

    /// Other settings than those under which loopback may be dialled.
    pub fn under(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Silence is found out soon.
    pub fn impatient(self) -> Self {
        self.timeouts(|timeouts| timeouts.read = Some(Duration::from_millis(300)))
    }

    /// A stream may be silent for ever, as it may be by default.
    pub fn patient_with_streams(self) -> Self {
        self.timeouts(|timeouts| timeouts.idle = None)
    }

    /// The whole of it is over soon.
    pub fn short(self) -> Self {
        self.timeouts(|timeouts| timeouts.total = Some(Duration::from_millis(600)))
    }

    /// The victim wants something else than a document.
    pub fn wanting(mut self, want: Want) -> Self {
        self.spec.want = want;
        self
    }

    /// The victim asks what the server serves, and makes of the answer what a client keeps.
    pub fn discovered(mut self) -> Self {
        self.spec.path_and_query = DISCOVERY.into();
        self
    }

    /// The victim plucks a column while the list comes.
    pub fn plucked(self) -> Self {
        self.wanting(Want::Pluck([Path::parse("metadata.name").unwrap()].into()))
    }

    /// The victim reads a watch.
    pub fn watched(self) -> Self {
        self.wanting(Want::Stream)
    }

    /// The victim sends a body of so many bytes.
    pub fn posting(mut self, bytes: usize) -> Self {
        self.spec.method = Method::POST;
        self.spec.body = Some((Format::Json, Bytes::from(vec![b' '; bytes])));
        self
    }

    /// The victim calls twice, and both calls end the same.
    pub fn twice(mut self) -> Self {
        self.calls = 2;
        self
    }

    /// Nobody may ever come here.
    pub fn trap(mut self, trap: Server) -> Self {
        self.trap = Some(trap);
        self
    }

    /// The connection was not the attack's means, and may be used again.
    pub fn keeps_the_connection(mut self) -> Self {
        self.closes = false;
        self
    }

    /// The caller sees an error of this kind.
    pub fn ends(self, kind: Kind) -> Self {
        self.ends_in_one_of(&[kind])
    }

    /// Which of these it is depends on who is first.
    pub fn ends_in_one_of(mut self, kinds: &[Kind]) -> Self {
        self.end = End::One(kinds.to_vec());
        self
    }

    /// The caller sees the server's own refusal.
    pub fn refused_with(mut self, code: u16) -> Self {
        self.end = End::Refusal(code);
        self
    }

    /// Plays it.
    pub fn run(mut self) {
        let (server, url) = (self.server)();
        let mut options = options(&url);
        self.changes.drain(..).for_each(|change| change(&mut options));
        let most = most(&self.spec.want, &options.limits);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        for _ in 0..self.calls {
            self.end.check(call(options.clone(), &self.spec, &self.settings));
        }
        let held = MEMORY.peak_usage().saturating_sub(before);
        assert!(held <= most + SLACK, "it made the client hold {held} bytes where {most} are allowed");
        if let Some(server) = server.filter(|_| self.closes) {
            wait_for("the connection is still open", || server.open() == 0);
        }
        assert_eq!(self.trap.map_or(0, |trap| trap.connections()), 0, "the trap was dialled");
        the_next_call_works();
    }
}

impl End {
    fn check(&self, result: Result<(), Error>) {
        match (self, result) {
            (Self::Fine, result) => result.unwrap(),
            (Self::Refusal(code), result) => {
                let error = result.unwrap_err();
                assert_eq!((error.kind(), error.code()), (Kind::Status, Some(*code)), "{error}");
                silent(&error);
            }
            (Self::One(kinds), Ok(())) => panic!("it was taken for an answer, and not for one of {kinds:?}"),
            (Self::One(kinds), Err(error)) => {
                silent(&error);
                assert!(kinds.contains(&error.kind()), "{:?} and not one of {kinds:?}: {error}", error.kind());
            }
        }
    }
}

/// What an answer may be, by the limits.
fn most(want: &Want, limits: &Limits) -> usize {
    match want {
        Want::Document | Want::Text => usize::try_from(limits.decoded_bytes).unwrap(),
        Want::Stream | Want::Pluck(_) => limits.line_bytes,
        Want::Exec | Want::PortForward => limits.message_bytes,
    }
}

/// Nothing the server said is in an error, however it is shown.
fn silent(error: &Error) {
    let shown = format!("{error} {error:?} {error:#?}");
    assert!(!shown.contains(MARKER), "the server's words are in {shown}");
}

/// One call, to the last byte of what it brings. Everything of it is dropped at the end.
pub fn call(options: Options, spec: &Spec, settings: &Settings) -> Result<(), Error> {
    let client = Client::new(options, settings)?;
    let mut call = client.call(spec.clone(), settings, Manner::default());
    Process::current()?.driver().drive(soon(async {
        match client.drive(&mut call, Event::Begin, None).await {
            Step::Done(outcome) => match (spec.path_and_query.as_str(), outcome?) {
                (DISCOVERY, Outcome::Document(document)) => Catalog::parse(document.bytes()).map(drop),
                (_, outcome) => read(outcome).await,
            },
            other => panic!("the machine asks for {other:?}"),
        }
    }))
}

async fn read(outcome: Outcome) -> Result<(), Error> {
    match outcome {
        Outcome::Document(_) | Outcome::Text(_) => {}
        Outcome::Rows(mut rows) => {
            while let Some(rows) = rows.next().await {
                rows?;
            }
        }
        Outcome::Stream(stream) => {
            while let Some(event) = stream.event(None).await {
                event?;
            }
        }
        Outcome::Session(session) => {
            while let Some(event) = session.next().await {
                event?;
            }
        }
    }
    Ok(())
}

fn wait_for(otherwise: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "{otherwise}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A healthy server's, in the same process.
fn the_next_call_works() {
    static HEALTHY: LazyLock<Server> =
        LazyLock::new(|| FAR_SIDE.block_on(Server::answering(ok(r#"{"kind":"PodList","items":[{},{},{}]}"#))));
    let settings = Settings { local_requests_allowed: true, ..Settings::default() };
    call(options(&HEALTHY.url("")), &Spec::get("/api/v1/pods".into()), &settings).unwrap();
}
