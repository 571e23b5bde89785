//! What the CORS middleware of a request and the policies inside of it share.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::rc::Rc;

use actix_web::HttpMessage as _;
use actix_web::dev::ServiceRequest;

use crate::actix_web::routes::AnnotatedRoute;
use crate::actix_web::view::ActualHeaders;
use crate::policy::Policy;
use crate::protocol::{Denial, OriginVerdict};

/// The context of one request, in its extensions. It is shared, because an error response has no
/// request.
#[derive(Clone)]
pub(crate) struct LayerContext(Rc<Shared>);

#[derive(Default)]
struct Shared {
    /// The policy by which an outer middleware answers the preflights of this request.
    preflight_policy: Cell<Option<&'static Policy>>,
    verdicts: RefCell<Vec<(&'static Policy, OriginVerdict)>>,
    /// The headers of the innermost policy that has decided the request.
    headers: RefCell<Option<InnerHeaders>>,
    /// The headers of a method that a resource does not serve.
    not_served: RefCell<Option<(Rc<AnnotatedRoute>, InnerHeaders)>>,
}

/// `None` if the policy has refused the request, so that its response is left unchanged.
type InnerHeaders = Option<ActualHeaders>;

impl LayerContext {
    pub(crate) fn of(request: &ServiceRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Attaches the context of a middleware. `preflight_policy` is that of the expected handler;
    /// the policy of the outermost middleware is kept.
    pub(crate) fn attach(
        request: &ServiceRequest,
        preflight_policy: Option<&'static Policy>,
    ) -> Self {
        let context = Self::of(request).unwrap_or_else(|| {
            let context = Self(Rc::default());
            request.extensions_mut().insert(context.clone());
            context
        });
        let outermost = &context.0.preflight_policy;
        outermost.set(outermost.get().or(preflight_policy));
        context
    }

    /// Returns why a policy must refuse the origins that it denies: an outer policy, which may
    /// allow them, answers the preflights.
    pub(crate) fn outer_denial(&self, policy: &Policy) -> Option<Denial> {
        let outer = self.0.preflight_policy.get()?;
        (!ptr::eq(outer, policy)).then_some(Denial::AnsweredByOuterPolicy)
    }

    pub(crate) fn verdict(&self, policy: &Policy) -> Option<OriginVerdict> {
        let verdicts = self.0.verdicts.borrow();
        let mut known = verdicts.iter().filter(|(it, _)| ptr::eq(*it, policy));
        known.next().map(|(_, verdict)| *verdict)
    }

    pub(crate) fn add_verdict(&self, policy: &'static Policy, verdict: OriginVerdict) {
        self.0.verdicts.borrow_mut().push((policy, verdict));
    }

    pub(crate) fn headers(&self) -> Option<InnerHeaders> {
        self.0.headers.borrow().clone()
    }

    pub(crate) fn set_headers(&self, headers: InnerHeaders) {
        self.0.headers.replace(Some(headers));
    }

    /// Returns the headers that an outer middleware has found for a resource that does not serve
    /// the method.
    pub(crate) fn not_served(&self, route: &Rc<AnnotatedRoute>) -> Option<InnerHeaders> {
        let not_served = self.0.not_served.borrow();
        let known = not_served.as_ref().filter(|(it, _)| Rc::ptr_eq(it, route));
        known.map(|(_, headers)| headers.clone())
    }

    pub(crate) fn set_not_served(&self, route: Rc<AnnotatedRoute>, headers: InnerHeaders) {
        self.0.not_served.replace(Some((route, headers)));
    }
}
