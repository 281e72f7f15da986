int main(void) { return CONFIG_RATE + CONFIG_SPEED; } // not CONFIG_OTHER
