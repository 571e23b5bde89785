use cors_runtime::axum::cors;

#[cors(origins = "*")]
struct List;

#[cors(origins = "*")]
const LIMIT: u8 = 1;

trait Api {
    #[cors(origins = "*")]
    async fn list();
}

#[cors(origins = "*")]
impl List {}

fn main() {}
