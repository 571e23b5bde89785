use cors_runtime::axum::cors;
use cors_runtime::{OriginRequest, RequestHead};

fn at_once(_: &str, _: &RequestHead<'_>) -> bool {
    true
}

async fn a_number(_: OriginRequest) -> u8 {
    1
}

async fn of_a_string(_: String) -> bool {
    true
}

async fn not_send(_: OriginRequest) -> bool {
    let shared = std::rc::Rc::new(());
    std::future::ready(()).await;
    drop(shared);
    true
}

#[cors(origins = [ask(at_once), ask(a_number), ask(of_a_string), ask(not_send)])]
async fn list() {}

fn main() {}
