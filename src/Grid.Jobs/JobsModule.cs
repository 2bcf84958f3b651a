using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Grid.Jobs;

public static class JobsModule
{
    extension(IServiceCollection services)
    {
        /// <summary>The jobs and their schedule. Each picks up what is there to do, so a missed or repeated run changes nothing.</summary>
        public IServiceCollection AddJobs()
        {
            services.AddSingleton<Aggregation>();
            services.AddSingleton<Publication>();
            services.AddSingleton<Reporting>();
            services.AddQuartz(quartz =>
            {
                Every<AggregateJob>(quartz, AggregateJob.Key, TimeSpan.FromSeconds(5));
                Every<PublishJob>(quartz, PublishJob.Key, TimeSpan.FromSeconds(15));
                Every<ReportJob>(quartz, ReportJob.Key, TimeSpan.FromHours(1));
                quartz.AddQuartzHealthChecks();
            });
            services.AddQuartzHostedService(o =>
            {
                o.WaitForJobsToComplete = true;
                o.AwaitApplicationStarted = true;
            });
            return services;
        }
    }

    private static void Every<T>(IQuartzBuilder quartz, JobKey key, TimeSpan interval)
        where T : IJob
    {
        quartz.AddJob<T>(job => job.WithIdentity(key).StoreDurably());
        quartz.AddTrigger<T>(trigger => trigger.ForJob(key).WithIdentity(key.Name, key.Group).StartNow()
            .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));
    }
}
