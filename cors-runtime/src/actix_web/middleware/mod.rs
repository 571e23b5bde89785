//! The middleware of a handler, a resource, a scope and an app. They differ in how they find the
//! policy of a request.

mod app;
mod decide;
mod handler;
mod kept;
mod layer_context;
mod outer;
mod outer_action;
mod resource;
mod service;

pub(super) use self::app::AppCors;
pub(super) use self::handler::HandlerCors;
pub(super) use self::resource::ResourceCors;
pub(super) use self::service::{CorsMiddleware, CorsService};
