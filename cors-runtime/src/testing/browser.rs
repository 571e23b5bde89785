//! The browser.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use url::Url;

use super::app::{App, Borrowed, Owned, Server};
use super::blocked::Blocked;
use super::cache::PreflightCache;
use super::cookies::CookieJar;
use super::fetch::Fetch;
use super::log::Exchange;
use super::origin::Origin;
use super::page::Page;
use super::request::Request;
use super::session::{Routes, Session, State};

/// The longest time for which Chromium keeps a preflight: 2 hours.
pub const CHROMIUM_MAX_AGE: Duration = Duration::from_secs(7200);

/// The longest time for which Firefox keeps a preflight: 24 hours.
pub const FIREFOX_MAX_AGE: Duration = Duration::from_secs(86_400);

/// A browser with one page open, which fetches from applications in this process.
///
/// The browser keeps preflights and cookies. Its clock stands still until a test
/// [advances](Self::advance) it. It does what the
/// [Fetch standard](https://fetch.spec.whatwg.org/) says, and shares no code with the policies that
/// it tests.
///
/// A browser stays on its thread, because applications of actix-web do. See the [module](super) for
/// examples, and for what the browser leaves out.
pub struct Browser {
    state: State,
    routes: Routes,
}

impl Browser {
    /// Opens a page, for example `https://app.example.com` or `tauri://localhost`.
    ///
    /// # Panics
    ///
    /// Panics if the text is not an absolute URL.
    #[track_caller]
    pub fn at(page: &str) -> Self {
        let page = absolute(page);
        Self::new(Origin::of(&page), Some(page))
    }

    /// Opens a page whose origin is `null`, such as a sandboxed frame.
    pub fn opaque() -> Self {
        Self::new(Origin::Opaque, None)
    }

    fn new(origin: Origin, page: Option<Url>) -> Self {
        Self {
            state: State {
                origin,
                page,
                cache: PreflightCache::default(),
                cookies: CookieJar::default(),
                clock: Duration::ZERO,
                started: SystemTime::now(),
                max_age_limit: None,
                log: Vec::new(),
            },
            routes: HashMap::new(),
        }
    }

    /// Keeps preflights for at most this time, for example [`CHROMIUM_MAX_AGE`]. The default is no
    /// limit.
    #[must_use]
    pub fn limit_max_age(mut self, limit: Duration) -> Self {
        self.state.max_age_limit = Some(limit);
        self
    }

    /// Routes the requests to an origin to an application, for tests with several servers.
    ///
    /// ```
    /// # use cors_runtime::testing::{Browser, Fetch};
    /// # use http::Response;
    /// # use tower::service_fn;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// fn allowed() -> http::response::Builder {
    ///     Response::builder().header("access-control-allow-origin", "https://app.example.com")
    /// }
    /// let old = service_fn(async |_| {
    ///     let moved = allowed().status(308).header("location", "https://new.example.com/items");
    ///     moved.body(String::new())
    /// });
    /// let new = service_fn(async |_| allowed().body(String::new()));
    /// let mut browser = Browser::at("https://app.example.com");
    /// browser.route("https://old.example.com", old);
    /// browser.route("https://new.example.com", new);
    ///
    /// // After a redirect from one foreign origin to another, the origin is `null`.
    /// let blocked = browser.send(Fetch::get("https://old.example.com/items")).await.unwrap_err();
    /// assert_eq!(blocked.expected(), Some("null"));
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the origin is not an absolute URL.
    #[track_caller]
    pub fn route<A: App<M> + 'static, M: 'static>(&mut self, origin: &str, app: A) -> &mut Self {
        let origin = Origin::of(&absolute(origin));
        self.routes
            .insert(origin, Box::new(Owned(app, PhantomData)));
        self
    }

    /// Fetches from an application, which answers for every origin that has no
    /// [route](Self::route).
    ///
    /// # Errors
    ///
    /// Returns why the page gets a `TypeError` instead of a response. A response with an error
    /// status is no error.
    pub async fn fetch<A: App<M>, M>(
        &mut self,
        app: &mut A,
        fetch: Fetch,
    ) -> Result<Page, Blocked> {
        self.run(Some(&mut Borrowed(app, PhantomData)), fetch).await
    }

    /// Fetches from the applications that have a [route](Self::route).
    ///
    /// # Errors
    ///
    /// Returns the same as [`fetch`](Self::fetch).
    pub async fn send(&mut self, fetch: Fetch) -> Result<Page, Blocked> {
        self.run(None, fetch).await
    }

    async fn run<'a>(
        &'a mut self,
        app: Option<&'a mut (dyn Server + 'a)>,
        fetch: Fetch,
    ) -> Result<Page, Blocked> {
        let page = self.state.origin.to_string();
        let mut request =
            match Request::new(&self.state.origin, self.state.page.as_ref(), fetch.clone()) {
                Ok(request) => request,
                Err(reason) => return Err(Blocked::invalid(reason, &fetch, page)),
            };
        let mut session = Session {
            state: &mut self.state,
            routes: &mut self.routes,
            app,
        };
        let result = session.run(&mut request).await;
        result.map_err(|failure| Blocked::new(failure, &request, &page))
    }

    /// Advances the clock, by which kept preflights and cookies expire.
    pub fn advance(&mut self, time: Duration) {
        self.state.clock = self.state.clock.saturating_add(time);
    }

    /// Stores a cookie, as if a server of this URL had sent the line as `Set-Cookie`.
    ///
    /// Browsers send a cookie to another site only if the cookie is `SameSite=None; Secure`.
    ///
    /// ```
    /// # use cors_runtime::testing::Browser;
    /// let mut browser = Browser::at("https://app.example.com");
    /// browser.set_cookie("https://api.example.com", "session=abc; Secure; HttpOnly");
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the text is not an absolute URL.
    #[track_caller]
    pub fn set_cookie(&mut self, url: &str, line: &str) {
        let now = self.state.now();
        self.state.cookies.store(line, &absolute(url), true, now);
    }

    /// Returns all requests since the browser was created or the log was
    /// [cleared](Self::clear_log), with preflights, and the answers to them.
    ///
    /// ```
    /// # use cors_runtime::testing::Browser;
    /// # let browser = Browser::opaque();
    /// for exchange in browser.log() {
    ///     println!("{exchange}");
    /// }
    /// assert_eq!(browser.log().iter().filter(|exchange| exchange.is_preflight()).count(), 0);
    /// ```
    pub fn log(&self) -> &[Exchange] {
        &self.state.log
    }

    /// Removes all exchanges from the log.
    pub fn clear_log(&mut self) {
        self.state.log.clear();
    }
}

#[track_caller]
fn absolute(url: &str) -> Url {
    match Url::parse(url) {
        Ok(url) => url,
        Err(error) => panic!("`{url}` is not an absolute URL: {error}"),
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser")
            .field("origin", &self.state.origin.to_string())
            .field("clock", &self.state.clock)
            .field("log", &self.state.log)
            .finish_non_exhaustive()
    }
}
