//! Entries of `origins` that have to ask somebody else first, and cannot answer at once.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::denial::Denial;
use crate::origin;
use crate::policy::{Origins, Policy};
use crate::request::{self, ACCESS_CONTROL_REQUEST_METHOD, Class, ORIGIN, RequestView};
use crate::source;

/// What `ask(path)` in `origins` names: it finds out whether an origin is allowed, and a request waits for that.
///
/// - an `async fn(Question) -> bool`, or one that returns a `Result<bool, E>`;
/// - a `static` of a type of your own that implements this trait.
///
/// ```
/// use cors_runtime::Question;
///
/// # async fn find(_: &str) -> Result<bool, std::io::Error> { Ok(true) }
/// async fn tenant(question: Question) -> Result<bool, std::io::Error> {
///     find(question.origin()).await
/// }
/// # #[cfg(all(feature = "ask", feature = "axum"))] {
/// use cors_runtime::axum::cors;
///
/// #[cors(origins = ["https://app.example.com", ask(tenant)])]
/// async fn list() -> &'static str {
///     "items"
/// }
/// # }
/// ```
///
/// It is asked when no other entry matches, once for a preflight and once for the actual request: that adds the time that
/// it takes to both, and a few allocations. An `OriginList` that a task keeps fresh answers at
/// once; prefer it where the origins fit into memory.
///
/// An error, a panic and an answer that comes too late deny. The origin that arrives has the form of one: `null`, junk and
/// what is longer than any origin never come here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be asked for an origin",
    label = "expected an `async fn(cors_runtime::Question) -> bool`",
    note = "it may return `Result<bool, E>`, too; its future has to be `Send`"
)]
pub trait AskOrigin: Sync {
    /// Finds out whether pages of that origin may call.
    fn ask(&self, question: Question) -> AskFuture;

    /// How long a request waits for the answer, before it is no. 5 seconds, unless another type says otherwise.
    fn timeout(&self) -> Duration {
        Duration::from_secs(5)
    }
}

/// What [`AskOrigin::ask`] returns.
pub type AskFuture =
    Pin<Box<dyn Future<Output = Result<bool, Box<dyn Error + Send + Sync>>> + Send>>;

#[diagnostic::do_not_recommend]
impl<F, Fut> AskOrigin for F
where
    F: Fn(Question) -> Fut + Sync,
    Fut: Future<Output: IntoAnswer> + Send + 'static,
{
    fn ask(&self, question: Question) -> AskFuture {
        let answer = self(question);
        Box::pin(async move { answer.await.into_answer() })
    }
}

/// What a function that is asked returns: `bool`, or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer about an origin",
    label = "expected `bool` or `Result<bool, E>`"
)]
pub trait IntoAnswer {
    /// The answer, or why there is none.
    ///
    /// # Errors
    ///
    /// As the function says.
    fn into_answer(self) -> Result<bool, Box<dyn Error + Send + Sync>>;
}

impl IntoAnswer for bool {
    fn into_answer(self) -> Result<bool, Box<dyn Error + Send + Sync>> {
        Ok(self)
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> IntoAnswer for Result<bool, E> {
    fn into_answer(self) -> Result<bool, Box<dyn Error + Send + Sync>> {
        self.map_err(Into::into)
    }
}

/// What is asked about an origin. It is owned, so that the answer can take its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    origin: String,
    method: String,
    path: String,
    host: Option<String>,
}

impl Question {
    fn about(request: &impl RequestView) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let method = match request::classify(request) {
            Class::Preflight => request.sole(ACCESS_CONTROL_REQUEST_METHOD),
            Class::Actual | Class::NotCors => None,
        };
        Self {
            origin: request.sole(ORIGIN).map(text).unwrap_or_default(),
            method: method.map_or_else(|| request.method().to_owned(), text),
            path: request.path().to_owned(),
            host: request.authority().map(text),
        }
    }

    /// The origin, as the browser sent it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The method of the actual request: of a preflight, the one that it asks for.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, without the query, percent-encoded as it came.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Host and port that the request was sent to.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }
}

/// An entry `ask(..)` of one policy. Not public API.
pub struct Ask {
    /// As it was written.
    path: &'static str,
    item: &'static dyn AskOrigin,
}

/// Those of one policy.
pub(crate) type Asks = &'static [&'static Ask];

impl Ask {
    /// Of the path, and the item that it names.
    pub const fn new(path: &'static str, item: &'static dyn AskOrigin) -> Self {
        Self { path, item }
    }

    #[cfg(feature = "axum")]
    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// What goes wrong denies, and is reported here.
    async fn answer(&self, question: Question, location: &'static str) -> Result<bool, Denial> {
        let answer = async { in_time(self.item.timeout(), self.item.ask(question)).await };
        let (denial, error) = match CatchPanic(Box::pin(answer)).await {
            Ok(Some(Ok(answer))) => return Ok(answer),
            Ok(Some(Err(error))) => (Denial::AskFailed, error.to_string()),
            Ok(None) => (Denial::AskTimedOut, "it took too long".to_owned()),
            Err(Panicked) => (Denial::Panicked, "it panicked".to_owned()),
        };
        source::report(self.path, location, &error);
        Err(denial)
    }
}

/// `None` where it takes longer.
#[cfg(feature = "ask")]
async fn in_time<F: Future>(limit: Duration, answer: F) -> Option<F::Output> {
    tokio::time::timeout(limit, answer).await.ok()
}

/// Without the feature nothing is asked.
#[cfg(not(feature = "ask"))]
fn in_time<F: Future>(_: Duration, _: F) -> std::future::Ready<Option<F::Output>> {
    std::future::ready(None)
}

struct Panicked;

/// The response of somebody else's request must not depend on it, nor the other requests of the connection.
struct CatchPanic<F>(Pin<Box<F>>);

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let poll = AssertUnwindSafe(|| self.0.as_mut().poll(cx));
        match panic::catch_unwind(poll) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    }
}

/// What was asked before a request is judged, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<(Asks, Result<(), Denial>)>);

impl Answers {
    pub(crate) fn of(&self, asks: Asks) -> Option<Result<(), Denial>> {
        // Each entry is a `static` of its own: no two policies have the same ones.
        let mut answers = self.0.iter();
        let answer = answers.find(|(asked, _)| ptr::eq(*asked, asks));
        answer.map(|(_, answer)| *answer)
    }
}

/// The policies that cannot judge a request before somebody was asked.
#[derive(Default)]
pub(crate) struct Open(Vec<(Asks, &'static str)>);

impl Open {
    pub(crate) fn of<'a>(
        policies: impl IntoIterator<Item = &'a Policy>,
        request: &impl RequestView,
    ) -> Self {
        let mut open = Self::default();
        for policy in policies {
            if let Origins::List { asks, .. } = &policy.0.origins
                && !asks.is_empty()
                && origin::allow(policy, request) == Err(Denial::NotAsked)
            {
                open.0.push((asks, policy.location()));
            }
        }
        open
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Asks. Nothing of the request is borrowed.
    pub(crate) fn ask(self, request: &impl RequestView) -> Asking {
        if self.is_empty() {
            return Asking(None);
        }
        let question = Question::about(request);
        Asking(Some(Box::pin(async move {
            let mut answers = Vec::with_capacity(self.0.len());
            for (asks, location) in self.0 {
                answers.push((asks, first_yes(asks, &question, location).await));
            }
            Answers(answers)
        })))
    }
}

/// One after the other, until one says yes.
async fn first_yes(asks: Asks, question: &Question, location: &'static str) -> Result<(), Denial> {
    let mut denial = Denial::Origin;
    for ask in asks {
        match ask.answer(question.clone(), location).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(failure) => denial = failure,
        }
    }
    Err(denial)
}

/// The answers to come; at once where there was nothing to ask.
pub struct Asking(Option<Pin<Box<dyn Future<Output = Answers> + Send>>>);

impl Future for Asking {
    type Output = Answers;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answers> {
        match &mut self.0 {
            Some(asking) => asking.as_mut().poll(cx),
            None => Poll::Ready(Answers::default()),
        }
    }
}

/// A request after somebody was asked about its origin.
pub(crate) struct Answered<'a, R> {
    pub(crate) request: &'a R,
    pub(crate) answers: &'a Answers,
}

impl<R: RequestView> RequestView for Answered<'_, R> {
    type Value = R::Value;

    fn method(&self) -> &str {
        self.request.method()
    }

    fn path(&self) -> &str {
        self.request.path()
    }

    fn uri_authority(&self) -> Option<&str> {
        self.request.uri_authority()
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.request.lines(name)
    }

    fn origin_value(&self) -> Option<R::Value> {
        self.request.origin_value()
    }

    fn answer(&self, asks: Asks) -> Option<Result<(), Denial>> {
        self.answers.of(asks)
    }
}

// What panics inside is caught where it is asked.
impl UnwindSafe for Ask {}
impl RefUnwindSafe for Ask {}

/// Whether both ask the same.
impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && ptr::eq(self.item, other.item)
    }
}

impl Eq for Ask {}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ask").field(&self.path).finish()
    }
}
