int main(void) { return CONFIG_RATE + CONFIG_SPEED + CONFIG_SPED; } // not CONFIG_OTHER
