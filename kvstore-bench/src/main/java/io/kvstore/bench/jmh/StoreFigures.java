package io.kvstore.bench.jmh;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Store statistics at the end of an iteration. JMH gives a profiler no access to a benchmark's
 * objects, and ends those first; the two meet at the JVM's MBean server.
 */
record StoreFigures(Map<String, Double> figures) implements StoreFiguresMBean {
  private static final String NAME = "io.kvstore.bench:type=StoreFigures";

  @Override
  public Map<String, Double> getFigures() {
    return figures;
  }

  /** Leaves the statistics for {@link #take}; replaces any that were not taken. */
  void leave() throws JMException {
    take();
    ManagementFactory.getPlatformMBeanServer().registerMBean(this, new ObjectName(NAME));
  }

  /** Returns and removes the statistics, if any. */
  @CanIgnoreReturnValue
  static Map<String, Double> take() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName(NAME);
    if (!server.isRegistered(name)) {
      return Map.of();
    }
    Map<String, Double> figures =
        JMX.newMBeanProxy(server, name, StoreFiguresMBean.class).getFigures();
    server.unregisterMBean(name);
    return figures;
  }
}
