from facilities import create_app

app = create_app()
