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
use crate::request::{self, ACCESS_CONTROL_REQUEST_METHOD, Class, ORIGIN, RequestView};
use crate::source;

/// What `ask(path)` in `origins` names: it finds out whether an origin is allowed, and a request
/// waits for that.
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
/// It is asked when no other entry matches, once for a preflight and once for the actual request:
/// that adds the time that it takes to both, and a few allocations. An `OriginList` that a task
/// keeps fresh answers at once; prefer it where the origins fit into memory.
///
/// An error, a panic and an answer that comes too late deny. The origin that arrives has the form
/// of one: `null`, junk and what is longer than any origin never come here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be asked for an origin",
    label = "expected an `async fn(cors_runtime::Question) -> bool`",
    note = "it may return `Result<bool, E>`, too; its future has to be `Send`"
)]
pub trait AskOrigin: Sync {
    /// Finds out whether pages of that origin may call.
    fn ask(&self, question: Question) -> AskFuture;

    /// How long a request waits for the answer, before it is no. 5 seconds, unless another type
    /// says otherwise:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cors_runtime::{AskFuture, AskOrigin, Question};
    ///
    /// struct Directory;
    ///
    /// impl AskOrigin for Directory {
    ///     fn ask(&self, question: Question) -> AskFuture {
    ///         Box::pin(async move { Ok(question.origin() == "https://blue.example.com") })
    ///     }
    ///
    ///     fn timeout(&self) -> Duration {
    ///         Duration::from_millis(500)
    ///     }
    /// }
    ///
    /// /// For `ask(DIRECTORY)`.
    /// static DIRECTORY: Directory = Directory;
    /// # assert_eq!(DIRECTORY.timeout(), Duration::from_millis(500));
    /// ```
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
    pub(crate) fn about(request: &impl RequestView) -> Self {
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
    pub(crate) async fn answer(
        &self,
        question: Question,
        location: &'static str,
    ) -> Result<bool, Denial> {
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

/// The response of somebody else's request must not depend on it, nor the other requests of the
/// connection.
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
