//! The data that the `Cors` of a request and the inner policies share.
//!
//! The data is in the extensions of the request. App data would need exclusive access to the
//! request, which a middleware that keeps an `HttpRequest` prevents.

use std::ptr;
use std::rc::Rc;

use actix_web::HttpMessage as _;
use actix_web::dev::{ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{HOST, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};

use super::outer::Outer;
use crate::actix_web::view::{ActualHeaders, View};
use crate::policy::{Origins, Policy};
use crate::protocol::{Denial, OriginVerdict};
use crate::request::RequestView as _;

/// The outermost `Cors` of a request, for the policies inside of it.
pub(crate) struct LayerContext {
    outer: Rc<Outer>,
    /// The request as the `Cors` received it. Middleware can change both.
    method: Method,
    uri: Uri,
    /// The CORS checks that a `Cors` made before it called the inner service.
    verdicts: Vec<KnownCheck>,
    /// The decision of the innermost policy, and the URI for which it was made. A middleware can
    /// send the request to another handler afterwards.
    decided: Option<(Decided, Uri)>,
}

/// A CORS check, and the parts of the request that were checked. Middleware can change these parts.
/// The verdict is then not used again.
struct KnownCheck {
    policy: &'static Policy,
    verdict: OriginVerdict,
    head: Head,
}

#[derive(PartialEq, Eq)]
struct Head {
    origin: HeaderValue,
    method: Method,
    uri: Uri,
    host: Option<HeaderValue>,
    /// All headers, if a source may have read another header.
    headers: Option<Vec<(HeaderName, HeaderValue)>>,
}

impl Head {
    /// Returns `None` for a request without an origin, for which no source is called.
    fn of(request: &ServiceRequest, policy: &Policy) -> Option<Self> {
        let view = View(request.head());
        let headers = request.headers().iter();
        Some(Self {
            origin: view.origin().value()?.clone(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            host: request.headers().get(HOST).cloned(),
            headers: may_read_headers(policy).then(|| {
                headers
                    .map(|(name, it)| (name.clone(), it.clone()))
                    .collect()
            }),
        })
    }
}

/// Returns whether an origin source of a policy can read all headers. An async one cannot.
fn may_read_headers(policy: &Policy) -> bool {
    matches!(&policy.0.origins, Origins::List(entries) if !entries.sources.is_empty())
}

impl LayerContext {
    /// Sets the `Cors` that answers the preflights of a request, unless an outer one does. Returns
    /// whether there is an outer one.
    pub(super) fn enter(outer: &Rc<Outer>, request: &ServiceRequest) -> bool {
        let mut extensions = request.extensions_mut();
        let context = extensions.get_mut::<Self>();
        let is_inside = context.is_some();
        if context
            .as_ref()
            .is_some_and(|it| it.preflight_policy().is_some())
        {
            return is_inside;
        }
        let verdicts = context.map(|it| std::mem::take(&mut it.verdicts));
        extensions.insert(Self {
            outer: Rc::clone(outer),
            method: request.method().clone(),
            uri: request.uri().clone(),
            verdicts: verdicts.unwrap_or_default(),
            decided: None,
        });
        is_inside
    }

    /// Returns whether a request is inside of a `Cors`.
    pub(super) fn contains(request: &ServiceRequest) -> bool {
        request.extensions().contains::<Self>()
    }

    /// Returns the policy by which the `Cors` answers the preflights of the request.
    fn preflight_policy(&self) -> Option<&'static Policy> {
        let url = Url::new(self.uri.clone());
        self.outer
            .preflight_policy(url.path(), self.method.as_str())
    }

    /// Returns why a policy must refuse an origin that it denies: an outer policy, which may allow
    /// the origin, answers the preflights.
    pub(super) fn outer_denial(
        request: &ServiceRequest,
        policy: &Policy,
        verdict: OriginVerdict,
    ) -> Option<Denial> {
        // The outer policy has to be searched for by the path.
        if !verdict.is_denied() {
            return None;
        }
        let outer = request.extensions().get::<Self>()?.preflight_policy()?;
        (!ptr::eq(outer, policy)).then_some(Denial::AnsweredByOuterPolicy)
    }

    pub(super) fn verdict(request: &ServiceRequest, policy: &Policy) -> Option<OriginVerdict> {
        let extensions = request.extensions();
        let mut known = extensions.get::<Self>()?.verdicts.iter();
        let known = known.find(|it| ptr::eq(it.policy, policy))?;
        let is_same = Head::of(request, policy).as_ref() == Some(&known.head);
        is_same.then_some(known.verdict)
    }

    pub(super) fn add_verdict(
        request: &ServiceRequest,
        policy: &'static Policy,
        verdict: OriginVerdict,
    ) {
        if let Some(head) = Head::of(request, policy)
            && let Some(context) = request.extensions_mut().get_mut::<Self>()
        {
            context.verdicts.push(KnownCheck {
                policy,
                verdict,
                head,
            });
        }
    }

    /// Records the decision of a policy for the `Cors` outside. Returns whether there is one.
    pub(super) fn decide(request: &ServiceRequest, decided: impl FnOnce() -> Decided) -> bool {
        let mut extensions = request.extensions_mut();
        let context = extensions.get_mut::<Self>();
        context.is_some_and(|context| {
            context.decided = Some((decided(), request.uri().clone()));
            true
        })
    }
}

/// The decision of the innermost policy of a request.
#[derive(Clone)]
pub(crate) enum Decided {
    Headers(ActualHeaders),
    /// A plain handler serves the request.
    Plain,
    /// The response is left unchanged, for example because the policy has refused the request.
    Unchanged,
}

impl Decided {
    pub(super) fn headers(self) -> Option<ActualHeaders> {
        match self {
            Self::Headers(headers) => Some(headers),
            Self::Unchanged | Self::Plain => None,
        }
    }

    /// Returns the decision of the innermost policy, if a policy has decided.
    pub(super) fn of<B>(response: &ServiceResponse<B>) -> Option<Self> {
        let later = response.response().extensions().get::<Self>().cloned();
        later.or_else(|| {
            let extensions = response.request().extensions();
            let (decided, uri) = extensions.get::<LayerContext>()?.decided.as_ref()?;
            let is_same = uri == response.request().uri();
            Some(match decided {
                // The response may be that of another handler.
                Self::Headers(_) if !is_same => Self::Unchanged,
                decided => decided.clone(),
            })
        })
    }
}
