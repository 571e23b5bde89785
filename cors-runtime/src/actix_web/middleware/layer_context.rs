//! The data that the `Cors` of a request and the inner policies share.
//!
//! Both parts are in the app data of the request. The values are created once, so no request
//! allocates for them.

use std::ptr;
use std::rc::Rc;

use actix_web::HttpMessage as _;
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};

use crate::actix_web::view::{ActualHeaders, PreparedPolicy, View};
use crate::policy::{Origins, Policy};
use crate::protocol::{AllowOrigin, Denial, OriginVerdict};
use crate::request::RequestView as _;

/// The outermost `Cors` of a request, for the policies inside of it.
pub(crate) struct LayerContext {
    preflight_policy: Box<FindPolicy>,
}

type FindPolicy = dyn Fn(&ServiceRequest) -> Option<&'static Policy>;

/// The CORS checks that a `Cors` made before it called the inner service.
struct Verdicts(Vec<KnownCheck>);

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
    /// Creates the app data of a `Cors`. `preflight_policy` returns the policy by which the `Cors`
    /// answers the preflights of a request.
    pub(super) fn app_data(
        preflight_policy: impl Fn(&ServiceRequest) -> Option<&'static Policy> + 'static,
    ) -> Rc<Extensions> {
        app_data(Self {
            preflight_policy: Box::new(preflight_policy),
        })
    }

    pub(super) fn of(request: &ServiceRequest) -> Option<&Self> {
        request.app_data::<Self>()
    }

    /// Returns the policy by which the `Cors` answers the preflights of a request.
    pub(super) fn preflight_policy(&self, request: &ServiceRequest) -> Option<&'static Policy> {
        (self.preflight_policy)(request)
    }

    /// Returns why a policy must refuse the origins that it denies: an outer policy, which may
    /// allow them, answers the preflights.
    pub(super) fn outer_denial(&self, policy: &Policy, request: &ServiceRequest) -> Option<Denial> {
        let outer = self.preflight_policy(request)?;
        (!ptr::eq(outer, policy)).then_some(Denial::AnsweredByOuterPolicy)
    }

    pub(super) fn verdict(request: &ServiceRequest, policy: &Policy) -> Option<OriginVerdict> {
        let extensions = request.extensions();
        let mut known = extensions.get::<Verdicts>()?.0.iter();
        let known = known.find(|it| ptr::eq(it.policy, policy))?;
        let is_same = Head::of(request, policy).as_ref() == Some(&known.head);
        is_same.then_some(known.verdict)
    }

    pub(super) fn add_verdict(
        request: &ServiceRequest,
        policy: &'static Policy,
        verdict: OriginVerdict,
    ) {
        let Some(head) = Head::of(request, policy) else {
            return;
        };
        let check = KnownCheck {
            policy,
            verdict,
            head,
        };
        let mut extensions = request.extensions_mut();
        match extensions.get_mut::<Verdicts>() {
            Some(verdicts) => verdicts.0.push(check),
            None => {
                extensions.insert(Verdicts(vec![check]));
            }
        }
    }
}

/// The decision of the innermost policy of a request.
#[derive(Clone)]
pub(crate) enum Decided {
    /// The CORS check of one policy.
    By(PreparedPolicy, OriginVerdict),
    Headers(ActualHeaders),
    /// A plain handler serves the request.
    Plain,
    /// The policy has refused the request, so that its response is left unchanged.
    Refused,
}

impl Decided {
    /// Returns the decision of the innermost policy, if a policy has decided.
    pub(super) fn of<B>(response: &ServiceResponse<B>) -> Option<Self> {
        let later = response.response().extensions().get::<Self>().cloned();
        later.or_else(|| response.request().app_data::<Self>().cloned())
    }

    pub(super) fn attach(self, request: &mut ServiceRequest) {
        request.add_data_container(app_data(self));
    }
}

/// The commonest decisions of one policy, as app data.
#[derive(Clone)]
pub(crate) struct DecidedData {
    pub(super) policy: PreparedPolicy,
    allowed: Rc<Extensions>,
    not_cors: Rc<Extensions>,
    denied: Rc<Extensions>,
}

impl DecidedData {
    pub(super) fn new(policy: &'static Policy) -> Self {
        let allow_origin = match policy.0.origins {
            Origins::Any => AllowOrigin::Any,
            Origins::None | Origins::List(_) => AllowOrigin::Requested,
        };
        let policy = PreparedPolicy::new(policy);
        let by = |verdict| app_data(Decided::By(policy.clone(), verdict));
        Self {
            allowed: by(OriginVerdict::Allowed(allow_origin)),
            not_cors: by(OriginVerdict::NotCors),
            denied: by(OriginVerdict::Denied(Denial::Origin)),
            policy,
        }
    }

    /// Records a decision for an outer `Cors`. Call this method right after the request was routed,
    /// because app data needs exclusive access to the request.
    pub(super) fn attach(
        &self,
        verdict: OriginVerdict,
        is_refused: bool,
        request: &mut ServiceRequest,
    ) {
        match verdict {
            _ if is_refused => Decided::Refused.attach(request),
            OriginVerdict::Allowed(_) => request.add_data_container(Rc::clone(&self.allowed)),
            OriginVerdict::NotCors => request.add_data_container(Rc::clone(&self.not_cors)),
            OriginVerdict::Denied(Denial::Origin) => {
                request.add_data_container(Rc::clone(&self.denied));
            }
            OriginVerdict::Denied(_) => Decided::By(self.policy.clone(), verdict).attach(request),
        }
    }
}

pub(super) fn app_data<T: 'static>(value: T) -> Rc<Extensions> {
    let mut data = Extensions::new();
    data.insert(value);
    Rc::new(data)
}
