//! The changes that a [`Cors`](crate::actix_web::Cors) makes to a response.

use std::cell::OnceCell;
use std::rc::Rc;

use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{Error, HttpResponse};

use super::decide::ResponseAction;
use super::kept::Kept;
use super::layer_context::Decided;
use super::outer::Outer;
use crate::actix_web::routes::RouteMatch;
use crate::actix_web::view::{ActualHeaders, PreparedPolicy};
use crate::origins::SourceResults;
use crate::policy::Policy;
use crate::protocol::{OriginVerdict, cors_check, decide, first_allowed};
use crate::request::RequestView;

/// Adds headers to a response for which no inner policy has set them.
pub struct OuterAction(pub(super) Option<Passed>);

/// A request that a `Cors` has passed on.
pub(super) struct Passed {
    pub(super) outer: Rc<Outer>,
    pub(super) kept: Kept,
    /// The CORS check that was made before the inner service was called.
    pub(super) checked: Option<(&'static Policy, OriginVerdict)>,
    /// Whether another `Cors` must not add headers.
    pub(super) is_inside: bool,
}

/// The source of a response.
#[derive(Clone, Copy)]
enum Source {
    /// A resource without its own policy.
    Plain,
    /// A middleware or a default service, with this status.
    NotRouted(StatusCode),
}

impl ResponseAction for OuterAction {
    fn on_response<B>(self, response: &mut ServiceResponse<B>) {
        let Some(passed) = self.0 else { return };
        let decided = Decided::of(response);
        let is_plain = matches!(decided, Some(Decided::Plain));
        if let Some(decided) = decided.filter(|_| !is_plain) {
            return apply_again(decided.headers(), response.headers_mut());
        }
        let request = response.request();
        let source = if is_plain || passed.outer.was_routed(request) {
            Source::Plain
        } else {
            Source::NotRouted(response.status())
        };
        let path = request.match_info().as_str();
        let Some(headers) = passed.find(source, path) else {
            return;
        };
        if passed.is_inside {
            let decided = Decided::Headers(headers.clone());
            response.response_mut().extensions_mut().insert(decided);
        }
        headers.apply(response.headers_mut());
    }

    fn on_error(self, error: &mut Error) {
        let Some(passed) = self.0 else { return };
        let found = OnceCell::new();
        error.add_response_mapper(move |response| passed.map_error(&found, response));
    }
}

impl Passed {
    /// Adds headers to an error response. An inner policy has stored its decision in the response.
    fn map_error(
        &self,
        found: &OnceCell<Option<ActualHeaders>>,
        mut response: HttpResponse,
    ) -> HttpResponse {
        let decided = response.extensions().get::<Decided>().cloned();
        let headers = match decided {
            Some(decided) => decided.headers(),
            None => found
                .get_or_init(|| self.find_error(response.status()))
                .clone(),
        };
        if let Some(headers) = headers {
            if self.is_inside {
                let decided = Decided::Headers(headers.clone());
                response.extensions_mut().insert(decided);
            }
            headers.apply(response.headers_mut());
        }
        response
    }

    fn find_error(&self, status: StatusCode) -> Option<ActualHeaders> {
        let url = self.kept.url();
        self.find(Source::NotRouted(status), url.path())
    }

    /// Finds the headers of a response that no inner policy has decided.
    fn find(&self, source: Source, path: &str) -> Option<ActualHeaders> {
        let default = || Some(self.headers(&self.outer.default.as_ref()?.prepared));
        let Source::NotRouted(status) = source else {
            return default();
        };
        let method = self.kept.method();
        match self.outer.match_route(path, self.kept.taken(), method) {
            RouteMatch::Annotated(route, handler) if is_refusal(status) => {
                Some(self.headers(&PreparedPolicy::new(route.policy(handler)?)))
            }
            RouteMatch::NotServed(route) if is_refusal(status) => {
                let policies = route.policies().map(PreparedPolicy::new);
                first_allowed(policies, &self.kept, SourceResults::default())
            }
            RouteMatch::Plain | RouteMatch::MaybePlain => default(),
            RouteMatch::Annotated(..) | RouteMatch::NotServed(_) | RouteMatch::Unsure => None,
        }
    }

    fn headers(&self, prepared: &PreparedPolicy) -> ActualHeaders {
        let policy = prepared.policy;
        let known = self.checked.filter(|(it, _)| std::ptr::eq(*it, policy));
        let verdict = known.map_or_else(
            || {
                // A response cannot wait for an `ask(..)`.
                let results = &mut SourceResults::default();
                cors_check(policy, &self.kept, results).without_waiting()
            },
            |(_, verdict)| verdict,
        );
        let outer = decide::outer_headers(prepared, verdict, &self.kept);
        outer.event.log();
        outer.headers
    }
}

/// Returns whether a middleware, and not a default service, is likely to have made a response to a
/// request for an annotated handler. A default service answers where the guards of a scope fail.
fn is_refusal(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::PROXY_AUTHENTICATION_REQUIRED
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::TOO_MANY_REQUESTS
    ) || status.is_server_error()
}

/// Restores the headers of an inner policy, in case a middleware has replaced the response.
fn apply_again(headers: Option<ActualHeaders>, response: &mut HeaderMap) {
    let Some(headers) = headers else { return };
    let allow_origin = headers.allow_origin();
    let lines = response.get_all(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let is_same = lines.eq(allow_origin);
    let allows_credentials = response.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    let varies = || response.get_all(header::VARY).any(|line| line == "Origin");
    if !is_same
        || allows_credentials != headers.allow_credentials()
        || (allow_origin.is_none() && !varies())
    {
        headers.apply(response);
    }
}
