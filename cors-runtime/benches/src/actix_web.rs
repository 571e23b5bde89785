//! actix-web's applications.

use std::hint::black_box;
use std::rc::Rc;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::{App, Error, HttpResponse, get, put, rt, test, web};
use cors_runtime::actix_web::{self as ours, Cors, cors};

use crate::by_hand::Middleware;
use crate::case::{Answer, Group, Measured, Role};
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

/// Configures the routes before the requested one, and that one.
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

/// Adds a case. The application is made inside of actix-web's runtime.
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
        Application {
            service: Rc::new(service),
            head: Head::new(template),
            batch: Vec::new(),
            system,
        }
    })
}

/// The head of a request, in the types of actix-web.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Head {
    fn new(template: &Template) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in template.pieces() {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).expect("a name");
            headers.append(
                name,
                HeaderValue::from_maybe_shared(value).expect("a value"),
            );
        }
        let method = Method::from_bytes(template.method.as_str().as_bytes()).expect("a method");
        Self {
            method,
            uri: template.path.parse().expect("a path"),
            headers,
        }
    }

    fn request(&self) -> Request {
        let mut request = Request::new();
        let head = request.head_mut();
        self.method.clone_into(&mut head.method);
        self.uri.clone_into(&mut head.uri);
        self.headers.clone_into(&mut head.headers);
        request
    }
}

struct Application<S> {
    service: Rc<S>,
    head: Head,
    batch: Vec<Request>,
    system: rt::SystemRunner,
}

impl<S, B> Measured for Application<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    fn prepare(&mut self, requests: usize) {
        self.batch.clear();
        self.batch
            .extend((0..requests).map(|_| self.head.request()));
    }

    #[inline(never)]
    fn serve(&mut self) {
        let service = Rc::clone(&self.service);
        let batch = &mut self.batch;
        self.system.block_on(async {
            for request in batch.drain(..) {
                drop(black_box(service.call(request).await.expect("a response")));
            }
        });
    }

    fn response(&mut self) -> Option<Answer> {
        let service = Rc::clone(&self.service);
        let request = self.head.request();
        let response = self
            .system
            .block_on(service.call(request))
            .expect("a response");
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        Some(Answer::new(response.status().as_u16(), headers))
    }
}

/// Only drops the requests, inside of the same runtime.
struct Dropped {
    head: Head,
    batch: Vec<Request>,
    system: rt::SystemRunner,
}

impl Dropped {
    fn new(template: &Template) -> Self {
        Self {
            head: Head::new(template),
            batch: Vec::new(),
            system: rt::System::new(),
        }
    }
}

impl Measured for Dropped {
    fn prepare(&mut self, requests: usize) {
        self.batch.clear();
        self.batch
            .extend((0..requests).map(|_| self.head.request()));
    }

    #[inline(never)]
    fn serve(&mut self) {
        let batch = &mut self.batch;
        self.system.block_on(async {
            for request in batch.drain(..) {
                drop(black_box(request));
            }
        });
    }

    fn response(&mut self) -> Option<Answer> {
        None
    }
}
