//! actix-web's applications.

mod application;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{App, Error, HttpResponse, get, put, rt, test, web};
use cors_runtime::actix_web::{self as ours, Cors, cors};

use self::application::{Application, Dropped};
use crate::by_hand::Middleware;
use crate::case::{Group, Role};
use crate::policies;
use crate::requests::{self, Template};

async fn item() -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cors(policy = policies::EXACT)]
async fn item_with_cors() -> HttpResponse {
    item().await
}

/// Declares handlers with actix-web's route macros, each with and without a policy.
macro_rules! handlers {
    ($($plain:ident $with_cors:ident $method:ident;)*) => {$(
        #[$method("/items/{id}")]
        async fn $plain() -> HttpResponse {
            item().await
        }

        #[cors(policy = policies::EXACT)]
        #[$method("/items/{id}")]
        async fn $with_cors() -> HttpResponse {
            item().await
        }
    )*};
}

handlers! {
    get_item get_with_cors get;
    put_item put_with_cors put;
}

fn macros(config: &mut web::ServiceConfig) {
    config.service(get_item).service(put_item);
}

fn macros_with_cors(config: &mut web::ServiceConfig) {
    config.service(get_with_cors).service(put_with_cors);
}

fn plain(path: &str) -> actix_web::Resource {
    let routes = [web::get().to(item), web::put().to(item)];
    routes
        .into_iter()
        .fold(web::resource(path), actix_web::Resource::route)
}

/// Configures the requested route, and the routes before it.
fn resources(routes: usize) -> impl Fn(&mut web::ServiceConfig) {
    move |config| {
        others(routes)(config);
        config.service(plain("/items/{id}"));
    }
}

fn others(routes: usize) -> impl Fn(&mut web::ServiceConfig) {
    move |config| {
        for number in 1..routes {
            config.service(plain(&format!("/r{number}/{{id}}")));
        }
    }
}

fn others_with_cors(routes: usize) -> impl Fn(&mut web::ServiceConfig) {
    move |config| {
        for number in 1..routes {
            config.service(with_cors(&format!("/r{number}/{{id}}")));
        }
    }
}

fn with_cors(path: &str) -> ours::Resource {
    let resource = ours::resource(path);
    resource.get(item_with_cors).put(item_with_cors)
}

fn resources_with_cors(routes: usize) -> impl Fn(&mut web::ServiceConfig) {
    move |config| {
        others_with_cors(routes)(config);
        config.service(with_cors("/items/{id}"));
    }
}

pub(crate) fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = requests::all().into_iter().map(group(1)).collect();
    groups.extend(requests::main().into_iter().map(group(10)));
    groups.extend(requests::main().into_iter().map(group(100)));
    groups
}

fn group(routes: usize) -> impl Fn((&str, Template)) -> Group {
    move |(name, template)| {
        let section = match routes {
            1 => "actix-web".to_owned(),
            _ => format!("actix-web, {routes} routes"),
        };
        let is_preflight = template.is_preflight();
        let group = Group::new(format!("{section}/{name}"), template);
        let group = if is_preflight {
            group.case(Role::Without, "request dropped", Dropped::new)
        } else {
            app(group, Role::Without, "no CORS", move || {
                App::new().configure(resources(routes))
            })
        };
        with_macros(with_resources(group, routes), routes, is_preflight)
    }
}

fn with_resources(group: Group, routes: usize) -> Group {
    let plain = move || App::new().configure(resources(routes));
    let annotated = move || App::new().configure(resources_with_cors(routes));
    let group = app(group, Role::Minimal, "minimal", move || {
        plain().wrap(Middleware::<false>)
    });
    let group = app(group, Role::Strict, "strict", move || {
        plain().wrap(Middleware::<true>)
    });
    let group = app(group, Role::Peer, "actix-cors", move || {
        plain().wrap(policies::actix_cors())
    });
    let group = app(group, Role::Ours, "Cors::new", move || {
        plain().wrap(Cors::new(&policies::EXACT))
    });
    let group = app(group, Role::Ours, "resource", annotated);
    app(group, Role::Ours, "resource, Cors::outermost", move || {
        annotated().wrap(Cors::outermost())
    })
}

fn with_macros(group: Group, routes: usize, is_preflight: bool) -> Group {
    let plain = move || App::new().configure(others(routes)).configure(macros);
    let annotated = move || {
        App::new()
            .configure(others_with_cors(routes))
            .configure(macros_with_cors)
    };
    let group = if is_preflight {
        group
    } else {
        app(group, Role::Without, "no CORS, route macro", plain)
    };
    let group = app(group, Role::Ours, "route macro", annotated);
    app(
        group,
        Role::Ours,
        "route macro, Cors::outermost",
        move || annotated().wrap(Cors::outermost()),
    )
}

/// Adds a case. The application is made inside of the runtime of actix-web.
fn app<T, B>(
    group: Group,
    role: Role,
    name: &'static str,
    app: impl Fn() -> App<T> + 'static,
) -> Group
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    group.case(role, name, move |template| {
        let system = rt::System::new();
        let service = system.block_on(async { test::init_service(app()).await });
        Application::new(system, service, template)
    })
}
