use cors_runtime::axum::cors;

#[cors(origins = "*")]
async fn list() -> String {
    let name = std::rc::Rc::new(String::new());
    tokio::task::yield_now().await;
    name.to_string()
}

fn main() {}
